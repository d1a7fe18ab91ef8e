// What the customer's page and the others have in common: what went wrong, times.

export default {
  "Your microphone is blocked, so you can't take calls. Click the lock icon next to the address, allow Microphone, then Try again.":
    'Ihr Mikrofon ist gesperrt, deshalb können Sie keine Anrufe annehmen. Klicken Sie auf das Schloss neben der Adresse, erlauben Sie das Mikrofon, dann: Noch einmal versuchen.',
  "No microphone found. Plug one in - we'll notice by ourselves.":
    'Kein Mikrofon gefunden. Schließen Sie eines an - wir merken es von selbst.',
  'Another app is using your microphone. Close it or choose another.':
    'Ein anderes Programm benutzt Ihr Mikrofon. Schließen Sie es oder wählen Sie ein anderes Mikrofon.',
  'Browsers only allow microphones on https:// or localhost. Open this page by its https:// address.':
    'Browser erlauben Mikrofone nur auf https:// oder localhost. Öffnen Sie diese Seite über ihre https://-Adresse.',
  "You're {place}. We update this; you don't need to keep looking.":
    'Sie sind an {place} Stelle. Die Anzeige läuft mit; Sie müssen nicht hinsehen.',
  'Your phone line needed a new permit. Getting one...': 'Ihre Leitung brauchte eine neue Erlaubnis. Sie wird geholt...',
  'The phone line to the desk dropped. Reconnecting...':
    'Die Leitung zum Arbeitsplatz ist abgerissen. Verbindung wird wiederhergestellt...',
  'The other side is busy.': 'Die Gegenseite ist besetzt.',
  'Nobody could take the call just now.': 'Gerade konnte niemand den Anruf annehmen.',
  'That number or person is not known here.': 'Diese Nummer oder Person ist hier nicht bekannt.',
  'Too many tries at once. Wait a moment, then try again.':
    'Zu viele Versuche auf einmal. Warten Sie kurz und versuchen Sie es dann noch einmal.',
  'The call was away too long to come back to it.': 'Das Gespräch war zu lange fort, um es wieder aufzunehmen.',
  'The audio stopped coming through. Reconnecting audio...': 'Es kommt kein Ton mehr an. Ton wird wiederhergestellt...',
  'The audio path could not be set up. Try again; if it stays so, a firewall is in the way.':
    'Der Weg für den Ton ließ sich nicht herstellen. Versuchen Sie es noch einmal; bleibt es so, ist eine Firewall im Weg.',
  'The phone reported a problem: {message} ({code})': 'Das Telefon meldet ein Problem: {message} ({code})',
  'That did not reach the desk. Nothing changed; try again.':
    'Das ist nicht beim Server angekommen. Nichts hat sich geändert; versuchen Sie es noch einmal.',
  'The desk answered {status}. Try again.': 'Der Server antwortet {status}. Versuchen Sie es noch einmal.',
  'The demo voice is missing ({url}: {status}).': 'Die Demostimme fehlt ({url}: {status}).',
  now: 'jetzt',
  '{n} min': '{n} min',
  '{n} h': '{n} h',
  Dismiss: 'Schließen',
  Mute: 'Stummschalten',
  Unmute: 'Stummschaltung aufheben',
  'Use my microphone in this tab': 'Mein Mikrofon in diesem Tab verwenden',
  Done: 'Fertig',
} as const
