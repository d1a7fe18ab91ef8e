// The first page: three people side by side, signing in, a first password.

export default {
  'agent {n}': 'Agent {n}',
  'Warmdesk - try a warm transfer': 'Warmdesk - eine begleitete Übergabe ausprobieren',
  'Demo mode - nothing leaves this computer.': 'Demo - nichts verlässt diesen Computer.',
  'Try a warm transfer in one minute': 'In einer Minute eine begleitete Übergabe ausprobieren',
  Progress: 'Fortschritt',
  'Listen as': 'Mithören als',
  Start: 'Starten',
  'Turns on the sound. You play all three people; a demo voice speaks for each.':
    'Schaltet den Ton ein. Sie spielen alle drei Personen; für jede spricht eine Demostimme.',
  'You hear this one': 'Diese hören Sie',
  'Open in its own tab': 'In eigenem Tab öffnen',
  Next: 'Weiter',
  'Connect Twilio': 'Twilio anschließen',
  'The same desk then answers a real number, and calls real telephones.':
    'Derselbe Arbeitsplatz nimmt dann Anrufe einer echten Nummer an und ruft echte Telefone an.',
  '`warmdesk setup` asks for the account, and for an https:// address at which Twilio reaches this computer.':
    '`warmdesk setup` fragt nach dem Konto und nach einer https://-Adresse, unter der Twilio diesen Computer erreicht.',
  '`warmdesk doctor` says what is still missing, and `warmdesk serve` takes the calls.':
    '`warmdesk doctor` sagt, was noch fehlt, und `warmdesk serve` nimmt die Anrufe an.',
  'Invite a teammate on this network': 'Jemanden aus diesem Netz einladen',
  'Browsers give the microphone only to https:// or localhost, so their browser needs an https:// address of this computer.':
    'Browser geben das Mikrofon nur für https:// oder localhost frei; der andere Browser braucht deshalb eine https://-Adresse dieses Computers.',
  'Once for each of you: `warmdesk user add ben Ben`, for yourself with `--role admin`. The demo people, who have no passwords, are then gone.':
    'Einmal für jede Person: `warmdesk user add ben Ben`, für Sie selbst mit `--role admin`. Die Demopersonen, die kein Passwort haben, sind dann weg.',
  'Start with `TLS_CERT` and `TLS_KEY`, a certificate that their browser trusts, `ADDR=:8443` and `PUBLIC_URL=https://desk.local:8443`, the name of this computer.':
    'Mit `TLS_CERT` und `TLS_KEY` starten, einem Zertifikat, dem der andere Browser vertraut, mit `ADDR=:8443` und mit `PUBLIC_URL=https://desk.local:8443`, dem Namen dieses Computers.',
  'Send them that address. They sign in and go available.':
    'Die Adresse weitergeben: anmelden, verfügbar melden.',
  "The tutorial's own page": 'Die Seite der Anleitung',
  'the same transfer with five buttons and 80 plain lines.': 'dieselbe Übergabe mit fünf Knöpfen und 80 schlichten Zeilen.',

  '{customer} calls': '{customer} ruft an',
  '{name} answers': '{name} nimmt an',
  '{name} brings in {other}': '{name} holt {other} dazu',
  'Hand over': 'Übergeben',
  '{customer} never hears silence': '{customer} hört nie Stille',
  '{customer} heard silence: longest gap {gap} s': '{customer} hat Stille gehört: längste Lücke {gap} s',
  '{customer} never heard silence: longest gap {gap} s': '{customer} hat nie Stille gehört: längste Lücke {gap} s',
  '{customer} has not heard silence: longest gap {gap} s': '{customer} hat noch keine Stille gehört: längste Lücke {gap} s',
  'That was a warm transfer: {customer} and {other} go on talking. End the call when you have heard enough.':
    'Das war eine begleitete Übergabe: {customer} und {other} sprechen weiter. Beenden Sie das Gespräch, wenn Sie genug gehört haben.',
  'Press Go available at {name}.': 'Drücken Sie bei {name} Verfügbar melden.',
  'Press Call now at {customer}.': 'Drücken Sie bei {customer} Jetzt anrufen.',
  '{customer} hears a welcome and music. Press Answer at {name}.':
    '{customer} hört eine Begrüßung und Musik. Drücken Sie bei {name} Annehmen.',
  'Press Join {name} privately at {other}.': 'Drücken Sie bei {other} Vertraulich mit {name} sprechen.',
  'Press Answer at {other}.': 'Drücken Sie bei {other} Annehmen.',
  '{customer} and {name} hear each other. Press Bring someone in at {name} and choose {other}.':
    '{customer} und {name} hören einander. Drücken Sie bei {name} Jemanden dazuholen und wählen Sie {other}.',
  '{name} and {other} can talk in private. Press Hand over at {name}: {customer} goes on with {other}.':
    '{name} und {other} können vertraulich sprechen. Drücken Sie bei {name} Übergeben: {customer} spricht mit {other} weiter.',
  'All three hear each other. Press Leave at {name}: {customer} stays with {other}.':
    'Alle drei hören einander. Drücken Sie bei {name} Verlassen: {customer} bleibt bei {other}.',

  'Sign in to your desk': 'Am Arbeitsplatz anmelden',
  'This link does not work': 'Dieser Link funktioniert nicht',
  'Welcome. You are the first here': 'Willkommen. Sie sind hier die erste Person',
  'Welcome, {name}': 'Willkommen, {name}',
  'Become the admin': 'Verwaltung übernehmen',
  'Set the password': 'Passwort setzen',
  'Your name': 'Ihr Name',
  'What colleagues and callers are told.': 'So erfahren ihn Kolleginnen, Kollegen und Anrufer.',
  'a-z, 0-9 and _. You sign in with it, and it stays.': 'a-z, 0-9 und _. Damit melden Sie sich an, und sie bleibt.',
  'Set a password for `{id}`. You sign in with both.':
    'Setzen Sie ein Passwort für `{id}`. Mit beidem melden Sie sich an.',
  '10 characters or more. A few words are easy to keep.':
    '10 Zeichen oder mehr. Ein paar Wörter merken sich leicht.',
  'Browsers give the microphone only to https:// addresses and to localhost. Nothing here changes calls that are under way.':
    'Browser geben das Mikrofon nur https://-Adressen und localhost. Nichts hiervon ändert laufende Gespräche.',
  'This desk has such an address:': 'Eine solche Adresse gibt es hier:',
  'On this computer alone': 'Nur auf diesem Computer',
  'Nothing is needed: open `http://localhost:8080` on the computer that runs the desk.':
    'Es braucht nichts: Öffnen Sie `http://localhost:8080` auf dem Computer, auf dem das Programm läuft.',
  'In your own network': 'Im eigenen Netz',
  'Make a certificate that your computers trust, with mkcert for example: `mkcert -install`, then `mkcert desk.local`. Each other computer has to trust the file that `mkcert -CAROOT` tells, once.':
    'Erstellen Sie ein Zertifikat, dem Ihre Computer vertrauen, zum Beispiel mit mkcert: `mkcert -install`, dann `mkcert desk.local`. Jeder andere Computer muss der Datei, die `mkcert -CAROOT` nennt, einmal vertrauen.',
  'Start with `TLS_CERT=desk.local.pem TLS_KEY=desk.local-key.pem ADDR=:8443 PUBLIC_URL=https://desk.local:8443 warmdesk`. A renewed certificate is taken without a restart.':
    'Starten Sie mit `TLS_CERT=desk.local.pem TLS_KEY=desk.local-key.pem ADDR=:8443 PUBLIC_URL=https://desk.local:8443 warmdesk`. Ein erneuertes Zertifikat wird ohne Neustart übernommen.',
  'Everybody opens `https://desk.local:8443`. Add `HTTP_ADDR=:8080`, and whoever opens the old address is led there.':
    'Alle öffnen `https://desk.local:8443`. Mit `HTTP_ADDR=:8080` wird dorthin geführt, wer die alte Adresse öffnet.',
  'On the internet': 'Im Internet',
  "Let the desk's name lead to this computer, with port 443 open.": 'Der Name muss zu diesem Computer führen, mit offenem Port 443.',
  "Start with `ACME_DOMAIN=desk.example.com ADDR=:443 HTTP_ADDR=:80 warmdesk`. The desk gets a certificate from Let's Encrypt and renews it by itself.":
    "Starten Sie mit `ACME_DOMAIN=desk.example.com ADDR=:443 HTTP_ADDR=:80 warmdesk`. Das Zertifikat kommt von Let's Encrypt und wird von selbst erneuert.",
  '`warmdesk doctor` says what is still missing.': '`warmdesk doctor` sagt, was noch fehlt.',
  'Behind a proxy': 'Hinter einem Proxy',
  'Where a proxy has the certificate, start with `TRUSTED_PROXIES=loopback PUBLIC_URL=https://desk.example.com`. Caddy needs one line: `desk.example.com { reverse_proxy 127.0.0.1:8080 }`':
    'Wo ein Proxy das Zertifikat hat, starten Sie mit `TRUSTED_PROXIES=loopback PUBLIC_URL=https://desk.example.com`. Caddy braucht eine Zeile: `desk.example.com { reverse_proxy 127.0.0.1:8080 }`',
} as const
