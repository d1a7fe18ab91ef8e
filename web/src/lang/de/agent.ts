// What an agent writes of a call, and what stands beside it.

export default {
  'About this call': 'Zu diesem Gespräch',
  Timeline: 'Verlauf',
  'Why they called': 'Anliegen',
  Number: 'Nummer',
  Lately: 'Zuletzt',
  Withheld: 'Unterdrückt',
  '{nth} call this week': '{nth} Anruf in dieser Woche',
  '{name} is reading': '{name} liest mit',
  'What happened could not be fetched. It is kept.': 'Der Verlauf konnte nicht geladen werden. Er ist gespeichert.',
  'No one is waiting. Last call ended {time}.': 'Niemand wartet. Letztes Gespräch endete um {time}.',
  Outcome: 'Ergebnis',
  'Time to finish up.': 'Zeit zum Abschließen.',
  'Then you are on a break.': 'Danach haben Sie Pause.',
  'Then you are offline.': 'Danach sind Sie offline.',
  'No calls until you are done.': 'Keine Anrufe, bis Sie fertig sind.',
  "{name}'s call ended.": 'Das Gespräch mit {name} ist beendet.',
  '{name} is with {colleague}.': '{name} spricht mit {colleague}.',
}
