// The customer's page.

export default {
  'In line': 'In der Warteschlange',
  Recording: 'Aufnahme',
  'Thank you': 'Vielen Dank',
  Talking: 'Im Gespräch',
  'On hold': 'Gehalten',
  Connected: 'Verbunden',
  'Call us': 'Rufen Sie uns an',
  "We'll ask to use your microphone.": 'Wir fragen gleich, ob wir Ihr Mikrofon benutzen dürfen.',
  'Your microphone works.': 'Ihr Mikrofon funktioniert.',
  'Calling...': 'Anruf läuft...',
  'Your internet blinked. Hold on, your place is kept.':
    'Ihre Internetverbindung war kurz weg. Bleiben Sie dran, Ihr Platz ist sicher.',
  'Welcome.': 'Willkommen.',
  'Call ended - {time}.': 'Gespräch beendet - {time}.',
  'Calls from this page are closed right now.': 'Anrufe von dieser Seite sind gerade nicht möglich.',
  'Talk to us': 'Sprechen Sie mit uns',
  'Free · in your browser': 'Kostenlos · in Ihrem Browser',
  'This call is recorded.': 'Dieses Gespräch wird aufgenommen.',
  'Leave a message': 'Nachricht hinterlassen',
  'Ask for a call back': 'Um Rückruf bitten',
  'Your number': 'Ihre Nummer',
  'Call me back': 'Rufen Sie mich zurück',
  'Call now': 'Jetzt anrufen',
  'Call again': 'Noch einmal anrufen',
  Continue: 'Weiter',
  End: 'Auflegen',
  'Or dial {number}': 'Oder wählen Sie {number}',
  'This call goes on in another tab.': 'Dieses Gespräch geht in einem anderen Tab weiter.',
  'Calling from this page is not set up. Dial {number} instead.':
    'Anrufe von dieser Seite sind nicht eingerichtet. Wählen Sie stattdessen {number}.',
} as const
