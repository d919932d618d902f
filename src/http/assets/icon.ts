/** The browser tab's icon: a lantern in the dark. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#171b22"/>
<g fill="none" stroke="#e8ebf0" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round">
<path d="M12 9a4 4 0 0 1 8 0M9.500 9h13M10.800 9 9.400 23.500h13.200L21.200 9M8.500 23.500h15V27h-15z"/></g>
<path d="M16 12.500c2.200 2.500 3 3.800 3 5.200a3 3 0 0 1-6 0c0-1.400.8-2.700 3-5.200z" fill="#f2b84b"/>
</svg>
`
