// The frame of the console: its navigation and its call bar.

export default {
  Calls: 'Gespräche',
  Screens: 'Bereiche',
  'Back to the call': 'Zurück zum Gespräch',
  Answer: 'Annehmen',
  Mute: 'Stummschalten',
  Unmute: 'Stummschaltung aufheben',
  'Current call, in short': 'Laufendes Gespräch, kurz',
  'This page did not load. Check your connection, then try again. Calls go on.':
    'Diese Seite wurde nicht geladen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal. Gespräche laufen weiter.',
  'Try again': 'Noch einmal versuchen',
  'Loading...': 'Wird geladen...',
} as const
