// The icons of the desk and of the three-pane page. They live apart from those of
// a line, so that the customer's page does not load them.

export const bring = 'M7.6 9.2a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8zM2.4 16.6c.3-3 2.4-4.7 5.2-4.7s4.9 1.7 5.2 4.7M15.2 5.4v5M12.7 7.9h5'
export const back = 'M8.3 4.6 3.2 9.7l5.1 5.1M3.6 9.7h8.3a4.9 4.9 0 0 1 4.9 4.9v.7'
export const hold = 'M7.2 4.6v10.8M12.8 4.6v10.8'
export const swap = 'M4 7.2h11.5M12.5 4.2l3 3-3 3M16 12.8H4.5M7.5 9.8l-3 3 3 3'
export const lock = 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9'
export const queue = 'M3.5 5h13M3.5 10h8M3.5 15h8M14.5 10v5.5M12.3 13.3l2.2 2.2 2.2-2.2'
export const leave = 'M8.2 3.4H4.4v13.2h3.8M12 6.2l3.9 3.8L12 13.8M15.5 10H8'
export const close = 'M5 5l10 10M15 5 5 15'
export const check = 'M4.2 10.6l3.6 3.6 8-8.4'
export const chevron = 'M5.5 7.8 10 12.3l4.5-4.5'
export const open = 'M8 4.5H4.5v11h11V12M11 4.5h4.5V9M15.2 4.8 9 11'
export const ear = 'M6 8a4.2 4.2 0 1 1 8.4 0c0 3.2-3 3.6-3 6.2a2.3 2.3 0 0 1-4.3 1.1M8.5 8a1.7 1.7 0 0 1 3.4 0c0 1.3-1.2 1.5-1.2 2.6'
export const coffee = 'M4 7.4h9.5v4.8a3.4 3.4 0 0 1-3.4 3.4H7.4A3.4 3.4 0 0 1 4 12.2zM13.5 8.6h1.3a1.9 1.9 0 0 1 0 3.9h-1.3M7 2.9v1.9M10.4 2.9v1.9'
export const sound = 'M3.4 8v4h2.7l3.9 3.3V4.7L6.1 8zM13 7.3a3.8 3.8 0 0 1 0 5.4M15.2 5.2a6.8 6.8 0 0 1 0 9.6'
export const remove = 'M8 9.2a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8zM2.8 16.6c.3-3 2.4-4.7 5.2-4.7 1.5 0 2.8.5 3.7 1.4M13.2 8l4 4M17.2 8l-4 4'
export * from './lineIcons'
