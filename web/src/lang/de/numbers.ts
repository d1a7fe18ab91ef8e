// Telephone numbers.

export default {
  'Listed numbers': 'Angebotene Nummern',
} as const
