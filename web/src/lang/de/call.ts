// The customer's page.

export default {
  'Talk to us': 'Sprechen Sie mit uns',
  'Free · in your browser': 'Kostenlos · in Ihrem Browser',
  'Call us': 'Rufen Sie uns an',
  'In line': 'In der Warteschlange',
  Recording: 'Aufnahme',
  'Thank you': 'Danke',
  Talking: 'Im Gespräch',
  'On hold': 'Gehalten',
  Connected: 'Verbunden',
  "We'll ask to use your microphone.": 'Ihr Browser fragt gleich, ob wir Ihr Mikrofon benutzen dürfen.',
  'Your microphone works.': 'Ihr Mikrofon funktioniert.',
  'Calling...': 'Wir verbinden Sie...',
  'Your internet blinked. Hold on, your place is kept.':
    'Ihre Internetverbindung war kurz weg. Bleiben Sie dran, Ihr Platz bleibt Ihnen erhalten.',
  'Welcome.': 'Willkommen.',
  'Call ended - {time}.': 'Gespräch beendet - {time}.',
  'Calls from this page are closed right now.': 'Anrufe von dieser Seite sind zurzeit geschlossen.',
  "Your microphone is blocked, so we can't hear you.": 'Ihr Mikrofon ist gesperrt, deshalb können wir Sie nicht hören.',
  'Tap the icon left of the address, then Website Settings, and allow the microphone. Then press Call now.':
    'Tippen Sie auf das Symbol links neben der Adresse, dann auf Website-Einstellungen, und erlauben Sie das Mikrofon. Drücken Sie dann Jetzt anrufen.',
  'Tap the icon left of the address, then Permissions, and allow the microphone. Then press Call now.':
    'Tippen Sie auf das Symbol links neben der Adresse, dann auf Berechtigungen, und erlauben Sie das Mikrofon. Drücken Sie dann Jetzt anrufen.',
  'Click the crossed-out microphone left of the address and remove the block. Then press Call now.':
    'Klicken Sie auf das durchgestrichene Mikrofon links neben der Adresse und heben Sie die Sperre auf. Drücken Sie dann Jetzt anrufen.',
  'In the menu Safari, choose Settings for this website, and allow the microphone. Then press Call now.':
    'Wählen Sie im Menü Safari die Einstellungen für diese Website und erlauben Sie das Mikrofon. Drücken Sie dann Jetzt anrufen.',
  'Click the icon left of the address and switch the microphone on. Then press Call now.':
    'Klicken Sie auf das Symbol links neben der Adresse und schalten Sie das Mikrofon ein. Drücken Sie dann Jetzt anrufen.',
  'This call is recorded.': 'Dieses Gespräch wird aufgezeichnet.',
  'Leave a message': 'Nachricht hinterlassen',
  'Ask for a call back': 'Um Rückruf bitten',
  'Your number': 'Ihre Nummer',
  'Call me back': 'Rufen Sie mich zurück',
  'Call now': 'Jetzt anrufen',
  'Call again': 'Noch einmal anrufen',
  Continue: 'Weiter',
  Speaker: 'Lautsprecher',
  Keypad: 'Tastenfeld',
  Star: 'Stern',
  Hash: 'Raute',
  Pressed: 'Gedrückt',
  End: 'Auflegen',
  '{n} person ahead': '{n} Person vor Ihnen',
  '{n} people ahead': '{n} Personen vor Ihnen',
  '{ahead} (~{minutes} min)': '{ahead} (~{minutes} min)',
  'We are closed at the moment. Call, and leave a message or a number.':
    'Wir haben gerade geschlossen. Rufen Sie an und hinterlassen Sie eine Nachricht oder eine Nummer.',
  'Open: {hours}': 'Geöffnet: {hours}',
  'How was it?': 'Wie war es?',
  '1 - bad': '1 - schlecht',
  '5 - very good': '5 - sehr gut',
  'Send rating': 'Bewertung senden',
  'Thank you for your rating.': 'Danke für Ihre Bewertung.',
  'Or dial {number}': 'Oder wählen Sie {number}',
  'This call goes on in another tab.': 'Dieses Gespräch läuft in einem anderen Tab weiter.',
  'Calling from this page is not set up. Dial {number} instead.':
    'Anrufe von dieser Seite sind nicht eingerichtet. Wählen Sie stattdessen {number}.',
} as const
