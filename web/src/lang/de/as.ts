// The frame of the console, and what stands around a call.

export default {
  Desk: 'Arbeitsplatz',
  "{name}'s desk": 'Arbeitsplatz von {name}',
  'Desk - {state}': 'Arbeitsplatz - {state}',
  'Opening your desk...': 'Ihr Arbeitsplatz wird geöffnet...',
  Calls: 'Gespräche',
  Screens: 'Bereiche',
  'Status:': 'Status:',
  'Back to the call': 'Zurück zum Gespräch',
  'Current call, in short': 'Laufendes Gespräch, kurz',
  'This page did not load. Check your connection, then try again. Calls go on.':
    'Diese Seite wurde nicht geladen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal. Gespräche laufen weiter.',
  'Loading...': 'Wird geladen...',
  "You're also open in another tab.": 'Ihr Arbeitsplatz ist noch in einem anderen Tab offen.',
  'Use this one': 'Diesen verwenden',
  'Queue, tasks and team': 'Warteschlange, Aufgaben und Team',

  Available: 'Verfügbar',
  'On a call': 'Im Gespräch',
  'Wrap-up': 'Nachbearbeitung',
  Away: 'Abwesend',
  Offline: 'Offline',
  'Not reachable': 'Nicht erreichbar',
  '{state} - by phone': '{state} - per Telefon',
  'Go available': 'Verfügbar melden',
  'Take a break': 'Pause machen',
  'Go offline': 'Offline gehen',
  'Take calls on this page': 'Anrufe auf dieser Seite annehmen',
  'Call my phone ({number})': 'Mein Telefon anrufen ({number})',
  'Change password': 'Passwort ändern',
  'Sign out': 'Abmelden',
  'Sign out everywhere': 'Überall abmelden',

  'Waiting for a call. 1 person in the queue.': 'Sie warten auf einen Anruf. 1 Person in der Warteschlange.',
  'Waiting for a call. {n} people in the queue.': 'Sie warten auf einen Anruf. {n} Personen in der Warteschlange.',
  "You're on a call.": 'Sie sind in einem Gespräch.',
  "Calls can't reach this page just now. Getting the line back...":
    'Anrufe erreichen diese Seite gerade nicht. Die Leitung wird wiederhergestellt...',
  "You won't get calls.": 'Sie bekommen keine Anrufe.',
  "You won't get calls. You're away: {why}.": 'Sie bekommen keine Anrufe. Sie sind abwesend: {why}.',
  'Done - go available': 'Fertig - verfügbar melden',
  'Done - take a break': 'Fertig - Pause machen',
  'Next: Break': 'Danach: Pause',
  'The phone line is not ready yet. Try again in a moment.':
    'Die Leitung ist noch nicht bereit. Versuchen Sie es gleich noch einmal.',

  'Sign in': 'Anmelden',
  'Sign in as {name}': 'Als {name} anmelden',
  'User id': 'Benutzerkennung',
  Password: 'Passwort',
  'Change your password': 'Passwort ändern',
  'Keep the old one': 'Altes behalten',
  'Change it': 'Ändern',
  'Present password': 'Bisheriges Passwort',
  'New password': 'Neues Passwort',
  '10 characters or more. You are signed out everywhere else.':
    '10 Zeichen oder mehr. Überall sonst werden Sie abgemeldet.',
  'Your password is changed.': 'Ihr Passwort ist geändert.',
  'A demo voice speaks for you.': 'Eine Demostimme spricht für Sie.',
  'You speak yourself.': 'Sie sprechen selbst.',

  Queue: 'Warteschlange',
  'Waiting {waiting} · longest {longest}': 'Wartend {waiting} · am längsten {longest}',
  'No one is waiting.': 'Niemand wartet.',
  Returned: 'Zurückgekommen',
  'Needs someone': 'Braucht jemanden',
  'Needs someone. {sentence}': 'Braucht jemanden. {sentence}',
  Team: 'Team',
  Tasks: 'Aufgaben',
  'Call back': 'Zurückrufen',
  'Not done after all': 'Doch nicht erledigt',
  "Nobody's": 'Niemandem zugeteilt',
  Yours: 'Ihre',
  done: 'erledigt',
  'overdue for a moment': 'gerade überfällig',
  'overdue for {time}': 'überfällig seit {time}',
  'due now': 'jetzt fällig',
  'due in {time}': 'fällig in {time}',
  'The call was over before your note was saved.':
    'Das Gespräch war zu Ende, bevor Ihre Notiz gespeichert war.',

  "Live updates are paused; your call's audio is fine. Reconnecting...":
    'Aktualisierungen sind unterbrochen; der Ton Ihres Gesprächs ist in Ordnung. Verbindung wird wiederhergestellt...',
  'Live updates are paused. Reconnecting...':
    'Aktualisierungen sind unterbrochen. Verbindung wird wiederhergestellt...',
  'You were signed out. You still hear {who}. Sign in to use the buttons.':
    'Sie wurden abgemeldet. Sie hören {who} weiterhin. Melden Sie sich an, um die Knöpfe zu benutzen.',
  'You were signed out. Your call goes on. Sign in to use the buttons.':
    'Sie wurden abgemeldet. Ihr Gespräch läuft weiter. Melden Sie sich an, um die Knöpfe zu benutzen.',
  'You were signed out. Sign in to use the buttons.':
    'Sie wurden abgemeldet. Melden Sie sich an, um die Knöpfe zu benutzen.',
  'Still working... the caller is safe': 'Noch in Arbeit... der Anruf ist gut aufgehoben',
  'Your browser blocked sound. Click to allow.': 'Ihr Browser hat den Ton gesperrt. Klicken Sie, um ihn zu erlauben.',
  'Demo voice': 'Demostimme',
} as const
