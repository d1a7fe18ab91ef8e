// A text as the built-in voice says it.
export const speech = (agent: string, text: string): Promise<Response> =>
  fetch('/api/settings/speech', {
    method: 'POST',
    headers: { 'Warmdesk-Agent': agent, 'Content-Type': 'application/json' },
    body: JSON.stringify({ text }),
  })
