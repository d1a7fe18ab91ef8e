// Choosing the language.

export default {
  Language: 'Sprache',
  'Language of the pages': 'Sprache der Seiten',
  'This language could not be fetched. Check your connection, then try again. Calls go on.':
    'Diese Sprache konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal. Gespräche laufen weiter.',
  'Kept in this browser. What callers hear on the telephone stays English.':
    'Gilt in diesem Browser. Was Anrufer am Telefon hören, bleibt englisch.',
} as const
