/** A team's name as people read it: Billing, Second line. */
export function teamTitle(name: string): string {
  const title = name.replaceAll('_', ' ')
  return title.charAt(0).toUpperCase() + title.slice(1)
}

/** The members of a team who are not among the people of the desk. */
export function gone(members: readonly string[], people: readonly { id: string }[]): string[] {
  return members.filter((id) => !people.some((one) => one.id === id))
}
