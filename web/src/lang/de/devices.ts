// Sound, microphone and what is told when a connection is lost.

export default {
  '{from} gone - switched to {to}.': '{from} ist weg - jetzt spricht {to}.',
  '{name} is calling': '{name} ruft an',
  '{name} needs you': '{name} braucht Sie',
  '{from} gone - switched to {to}. {who} still hears you.': '{from} ist weg - jetzt spricht {to}. {who} hört Sie weiterhin.',
  "{name} can't hear you right now and hears music. Reconnecting audio... ({n} s)":
    '{name} hört Sie gerade nicht und hört Musik. Der Ton wird wiederhergestellt... ({n} s)',
  "{name} can't hear you right now. Reconnecting audio... ({n} s)":
    '{name} hört Sie gerade nicht. Der Ton wird wiederhergestellt... ({n} s)',
  "{name} can't hear you right now and hears music. Reconnecting audio...":
    '{name} hört Sie gerade nicht und hört Musik. Der Ton wird wiederhergestellt...',
  "{name} can't hear you right now. Reconnecting audio...": '{name} hört Sie gerade nicht. Der Ton wird wiederhergestellt...',
  'A demo voice speaks for you in this tab.': 'In diesem Tab spricht eine Demostimme für Sie.',
  Allow: 'Erlauben',
  'Back online. Nothing was lost.': 'Wieder verbunden. Nichts ging verloren.',
  Blocked: 'Blockiert',
  'Check devices': 'Geräte prüfen',
  'Connecting...': 'Wird verbunden...',
  'End test call': 'Testanruf beenden',
  'Make a test call': 'Testanruf machen',
  'Hear yourself as callers hear you, and how well your network carries it.':
    'Hören Sie sich selbst so, wie Anrufer Sie hören, und wie gut Ihr Netz das trägt.',
  'Speak. You hear yourself a second later.': 'Sprechen Sie. Sie hören sich eine Sekunde später.',
  'The test call ended, because a call came first.': 'Der Testanruf ist beendet, weil ein Anruf vorgeht.',
  'The test call did not get through. Your calls are not concerned; try again.':
    'Der Testanruf kam nicht zustande. Ihre Gespräche betrifft es nicht; versuchen Sie es noch einmal.',
  'We heard nothing of you. Check your microphone, then try again.':
    'Von Ihnen war nichts zu hören. Prüfen Sie Ihr Mikrofon, und versuchen Sie es dann noch einmal.',
  'You sound fine: {figures}.': 'Sie klingen gut: {figures}.',
  'You sound choppy: {figures}. A cable or a place closer to the wireless helps.':
    'Sie klingen abgehackt: {figures}. Ein Kabel oder ein Platz näher am WLAN hilft.',
  'You sound too loud: {figures}. Move away from the microphone a little.':
    'Sie klingen zu laut: {figures}. Gehen Sie etwas vom Mikrofon weg.',
  'You sound faint: {figures}. Move closer to the microphone.': 'Sie klingen leise: {figures}. Gehen Sie näher ans Mikrofon.',
  'level good': 'Pegel gut',
  'level high': 'Pegel hoch',
  'level low': 'Pegel niedrig',
  '{level}, loss {loss} %': '{level}, Verlust {loss} %',
  '{level}, round trip {rtt} ms, loss {loss} %': '{level}, Umlaufzeit {rtt} ms, Verlust {loss} %',
  'Check microphone': 'Mikrofon prüfen',
  'Check microphone and sound': 'Mikrofon und Ton prüfen',
  Details: 'Einzelheiten',
  'Fair connection': 'Mäßige Verbindung',
  'Get a pop-up when this tab is hidden?': 'Möchten Sie eine Meldung sehen, wenn dieser Tab verdeckt ist?',
  'Good connection': 'Gute Verbindung',
  Messages: 'Meldungen',
  Microphone: 'Mikrofon',
  'Microphone level': 'Mikrofonpegel',
  'My audio': 'Mein Ton',
  'Noise suppression': 'Geräuschunterdrückung',
  "Nothing rings aloud. Calls show here and in the tab's title.":
    'Es klingelt nichts. Anrufe stehen hier und im Titel des Tabs.',
  'Open Safari, Settings for This Website, then allow Microphone.':
    'Öffnen Sie Safari, Einstellungen für diese Website, und erlauben Sie das Mikrofon.',
  'Play the ring': 'Klingeln anhören',
  'Playing...': 'Wird abgespielt...',
  'Press the crossed-out microphone left of the address, then remove the block.':
    'Drücken Sie das durchgestrichene Mikrofon links neben der Adresse, und heben Sie die Blockierung auf.',
  'Press the mark left of the address, then switch Microphone on.':
    'Drücken Sie das Zeichen links neben der Adresse, und schalten Sie das Mikrofon ein.',
  'Record 3 seconds and play back': '3 Sekunden aufnehmen und anhören',
  'Recording...': 'Wird aufgenommen...',
  'Reduced sound': 'Weniger Ton',
  Ring: 'Klingeln',
  'Ring volume': 'Lautstärke des Klingelns',
  'Say something - the bar should move.': 'Sagen Sie etwas - der Balken sollte sich bewegen.',
  'Settings for This Website': 'Einstellungen für diese Website',
  'Takes fans and keyboards out of your voice. From the next call on.':
    'Nimmt Lüfter und Tastatur aus Ihrer Stimme. Ab dem nächsten Gespräch.',
  'That could not be recorded. Your calls are not concerned.': 'Das konnte nicht aufgenommen werden. Ihre Gespräche betrifft es nicht.',
  "The computer's own choice": 'Wie der Computer es wählt',
  'Call waiting': 'Anklopfen',
  'While you talk: a quiet row in the queue and one soft tick, for you only. Nothing rings.':
    'Während Sie sprechen: eine stille Zeile in der Warteschlange und ein leises Ticken, nur für Sie. Nichts klingelt.',
  'Set up HTTPS': 'HTTPS einrichten',
  'Browsers only allow microphones on https:// or localhost. Open {address} or see {page}.':
    'Browser erlauben Mikrofone nur auf https:// oder localhost. Öffnen Sie {address}, oder lesen Sie {page}.',
  'Browsers only allow microphones on https:// or localhost. See {page}.':
    'Browser erlauben Mikrofone nur auf https:// oder localhost. Lesen Sie {page}.',
  Undo: 'Rückgängig',
  'Waited {time}.': 'Wartet seit {time}.',
  'We hear nothing from your microphone.': 'Von Ihrem Mikrofon ist nichts zu hören.',
  'We hear you.': 'Wir hören Sie.',
  'Weak connection': 'Schwache Verbindung',
  'Weak connection - {who} may hear gaps.': 'Schwache Verbindung - {who} hört vielleicht Lücken.',
  'Weak connection - there may be gaps.': 'Schwache Verbindung - es kann Lücken geben.',
  'What callers hear.': 'Was Anrufer hören.',
  'Where it rings: a speaker is heard when the headset lies on the desk.':
    'Wo es klingelt: ein Lautsprecher ist auch zu hören, wenn das Headset auf dem Tisch liegt.',
  'Where you hear callers.': 'Wo Sie Anrufer hören.',
  "You're back with {name} (away {n} s).": 'Sie sind wieder bei {name} ({n} s weg).',
  "You're muted - press M": 'Sie sind stumm - drücken Sie M',
  "You're offline. {name} has gone to the queue by now.": 'Sie sind offline. {name} ist inzwischen in der Warteschlange.',
  "You're offline. {name} is kept safe. Come back to the call.": 'Sie sind offline. {name} geht nicht verloren. Kommen Sie ins Gespräch zurück.',
  "You're offline. {name} is with {other} by now.": 'Sie sind offline. {name} ist inzwischen bei {other}.',
  "You're offline. {name}'s on hold and will go to {other} in {time} if you don't come back.":
    'Sie sind offline. {name} wird gehalten und geht in {time} zu {other}, wenn Sie nicht zurückkommen.',
  "You're offline. {name}'s on hold and will go to the queue in {time} if you don't come back.":
    'Sie sind offline. {name} wird gehalten und geht in {time} in die Warteschlange, wenn Sie nicht zurückkommen.',
  'loss {loss} %, round trip {rtt} ms, jitter {jitter} ms': 'Verlust {loss} %, Umlaufzeit {rtt} ms, Schwankung {jitter} ms',
} as const
