// Choosing the language.

export default {
  Language: 'Sprache',
  'Language of the pages': 'Sprache der Seiten',
  'This language could not be fetched. Check your connection, then try again. Calls go on.':
    'Diese Sprache konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal. Gespräche laufen weiter.',
  'Kept in this browser. What callers hear is set for each number.':
    'In diesem Browser gemerkt. Was Anrufer hören, wird für jede Nummer festgelegt.',
} as const
