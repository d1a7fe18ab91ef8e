// A team's name as people read it: Billing, Second line.
export function teamTitle(name: string): string {
  const title = name.replaceAll('_', ' ')
  return title.charAt(0).toUpperCase() + title.slice(1)
}
