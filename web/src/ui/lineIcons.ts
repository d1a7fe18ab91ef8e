// The icons of a telephone line, which every page draws.

/** A drawing as SVG has it, never the name of one. */
export type Path = `M${string}`

export const phone = 'M6.6 3.2 8 6.7 6.3 8.3a10.4 10.4 0 0 0 5.4 5.4l1.6-1.7 3.5 1.4v2.4a1.4 1.4 0 0 1-1.5 1.4A12.5 12.5 0 0 1 2.8 4.7a1.4 1.4 0 0 1 1.4-1.5z'
export const end = 'M2.6 11.9c4.6-4.2 10.2-4.2 14.8 0l-1.5 2.2-3-1v-2.2a9.5 9.5 0 0 0-5.8 0v2.2l-3 1z'
export const mic = 'M10 2.8a2.2 2.2 0 0 1 2.2 2.2v4.5a2.2 2.2 0 0 1-4.4 0V5A2.2 2.2 0 0 1 10 2.8zM5 9.3a5 5 0 0 0 10 0M10 14.3v2.9'
export const micOff = 'M12.2 8.5V5a2.2 2.2 0 0 0-4.3-.7M7.8 8v1.5a2.2 2.2 0 0 0 3.4 1.8M5 9.3a5 5 0 0 0 7.8 4.1M15 9.3a5 5 0 0 1-.5 2.2M10 14.3v2.9M3.2 3.2l13.6 13.6'
