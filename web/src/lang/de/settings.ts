// The settings.

import type { Catalogue } from '../../lib/say.svelte'

export default {
  Settings: 'Einstellungen',
  'Pages of the settings': 'Seiten der Einstellungen',
  Page: 'Seite',
  Saved: 'Gespeichert',
  Undo: 'Rückgängig',
  'Somebody else has changed the settings meanwhile. This is how they are now; nothing of yours was saved.':
    'Jemand anders hat die Einstellungen inzwischen geändert. So sind sie jetzt; von Ihnen wurde nichts gespeichert.',
  'Set by {variable} in the environment, and changed there.': 'Durch {variable} in der Umgebung festgelegt und nur dort zu ändern.',
  'Numbers and routing': 'Nummern und Verteilung',
  Teams: 'Teams',
  Transfers: 'Übergaben',
  Recording: 'Aufzeichnung',
  'Customer page': 'Kundenseite',
  Play: 'Abspielen',
  Stop: 'Anhalten',
  'That cannot be played here. Try again.': 'Das lässt sich hier nicht abspielen. Versuchen Sie es noch einmal.',
  seconds: 'Sekunden',
  minutes: 'Minuten',
  days: 'Tage',
  'Ring time': 'Klingeldauer',
  'How long an agent or a colleague rings before somebody else is tried. Calls under way keep the time they began with.':
    'Wie lange es bei jemandem klingelt, bevor es woanders versucht wird. Laufende Gespräche behalten die Dauer, mit der sie begonnen haben.',
  'Take back': 'Zurücknehmen',
  'How long whoever has handed a customer over may take them back.': 'Wie lange jemand einen übergebenen Kunden zurücknehmen kann.',
  'Back to the customer by itself': 'Von selbst zurück zum Kunden',
  'How long a customer stays on hold after a colleague has left a private talk, if the agent presses nothing.':
    'Wie lange der Kunde noch gehalten wird, wenn der Kollege ein vertrauliches Gespräch verlassen hat und niemand etwas drückt.',
  'Time after a call': 'Zeit nach einem Gespräch',
  'How long an agent is not rung after a call, to write down what is left. 0 is none; an agent who is done sooner says so.':
    'Wie lange es nach einem Gespräch nicht klingelt, um den Rest aufzuschreiben. 0 heißt gar nicht; wer eher fertig ist, sagt es.',
  Outcomes: 'Ergebnisse',
  'What an agent can choose to say how a call ended, one on each line.': 'Was man nach einem Gespräch als Ergebnis wählen kann, eines in jeder Zeile.',
  'Record conversations': 'Gespräche aufzeichnen',
  'Whether the law allows it, and what callers must be told, is for you to know. Holds for the next call.':
    'Ob das erlaubt ist und was Anrufern gesagt werden muss, müssen Sie wissen. Gilt ab dem nächsten Gespräch.',
  Record: 'Aufzeichnen',
  Announcement: 'Ansage',
  'What callers are told before anything is recorded.': 'Was Anrufer hören, bevor aufgezeichnet wird.',
  'Play the announcement': 'Ansage abspielen',
  'Keep recordings and messages': 'Aufzeichnungen und Nachrichten behalten',
  'After so many days they are deleted, here and at the carrier. 0 keeps them for ever; those of open tasks stay until they are done.':
    'Nach so vielen Tagen werden sie gelöscht, hier und beim Anbieter. 0 behält sie für immer; die offener Aufgaben bleiben, bis sie erledigt sind.',
  'Keep names, numbers and notes': 'Namen, Nummern und Notizen behalten',
  'After so many days a person is taken out of their calls; the figures stay. 0 keeps them for ever.':
    'Nach so vielen Tagen wird ein Mensch aus seinen Gesprächen entfernt; die Zahlen bleiben. 0 behält sie für immer.',
  'Calls from the page': 'Anrufe von der Seite',
  'When it is closed the page shows the number instead. Calls in progress go on.':
    'Ist sie geschlossen, zeigt die Seite stattdessen die Nummer. Laufende Gespräche gehen weiter.',
  Open: 'Geöffnet',
  'Sites that may show the page': 'Websites, die die Seite zeigen dürfen',
  'Each on a line of its own, scheme and name only. No other site can put the page into a frame.':
    'Jede in einer eigenen Zeile, nur Schema und Name. Keine andere Website kann die Seite in einen Rahmen setzen.',
  'Teams and their members': 'Teams und ihre Mitglieder',
  'Callers who want a team wait for its members; after 60 s anybody may take them. A change holds at once.':
    'Wer ein Team sprechen will, wartet auf dessen Mitglieder; nach 60 s darf jeder annehmen. Eine Änderung gilt sofort.',
  'Remove the team {team}': 'Team {team} entfernen',
  'There are no teams: every caller waits for everybody.': 'Es gibt keine Teams: Jeder Anrufer wartet auf alle.',
  'New team': 'Neues Team',
  'Small letters, figures and _': 'Kleinbuchstaben, Ziffern und _',
  'Add the team': 'Team hinzufügen',
  Numbers: 'Nummern',
  'Whom the callers of a number wait for. A team that the voice URL of a number names comes first.':
    'Auf wen die Anrufer einer Nummer warten. Ein Team, das die Voice-URL einer Nummer nennt, geht vor.',
  Everybody: 'Alle',
  'Another number': 'Weitere Nummer',
  'Add the number': 'Nummer hinzufügen',
  'There are no teams yet: add them under Teams, then say here who gets which number.':
    'Es gibt noch keine Teams: Legen Sie sie unter Teams an, und sagen Sie dann hier, wer welche Nummer bekommt.',
  'Opening hours': 'Öffnungszeiten',
  'Outside them callers may leave a message or ask to be called back. Several times of a day have a space between them: 09:00-12:00 13:00-17:00. All empty is always open.':
    'Außerhalb können Anrufer eine Nachricht hinterlassen oder um Rückruf bitten. Mehrere Zeiten eines Tages trennt ein Leerzeichen: 09:00-12:00 13:00-17:00. Alles leer heißt immer geöffnet.',
  closed: 'geschlossen',
  open: 'geöffnet',
  'Time zone': 'Zeitzone',
  'Europe/Berlin': 'Europe/Berlin',
  'https://shop.example.com': 'https://laden.example.com',
  'Closed days': 'Geschlossene Tage',
  'Days on which the hours do not count, one on each line, like 2026-12-25.': 'Tage, an denen die Zeiten nicht gelten, einer in jeder Zeile, wie 2026-12-25.',
  'Longest wait': 'Längste Wartezeit',
  'After so long in line a caller may leave a message or ask to be called back. 0 is never.':
    'Nach so langer Wartezeit kann ein Anrufer eine Nachricht hinterlassen oder um Rückruf bitten. 0 heißt nie.',
  Welcome: 'Begrüßung',
  'What a caller hears before the music, spoken by the carrier. Play uses the built-in voice; Twilio says it with its own.':
    'Was ein Anrufer vor der Musik hört, gesprochen vom Anbieter. Abspielen nutzt die eingebaute Stimme; Twilio spricht mit der eigenen.',
  'Play the welcome': 'Begrüßung abspielen',
  'Hold music': 'Wartemusik',
  'What waiting and held callers hear: a WAV or MP3 file of at most 10 MB and 15 minutes, played over and over. You need the right to play it.':
    'Was Anrufer hören, die warten oder gehalten werden: eine WAV- oder MP3-Datei von höchstens 10 MB und 15 Minuten, immer wieder von vorn. Sie brauchen das Recht dazu.',
  '{name}, {length} long': '{name}, {length} lang',
  "The desk's own piece, free of anybody's rights.": 'Das eigene Stück des Pults, frei von Rechten anderer.',
  'Play the music': 'Musik abspielen',
  'Uploading...': 'Wird hochgeladen...',
  'Upload a file': 'Datei hochladen',
  "The desk's own piece": 'Eigenes Stück des Pults',
} satisfies Catalogue
