/** The mark: a fish at the surface of its pond. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="pond" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#1fb5a6" />
          <stop offset="1" stopColor="#0d4f74" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="9" fill="url(#pond)" />
      <path
        d="M6.2 15.2c3-5 7.2-6.6 11-6.2 2.6.3 4.5 2 6 3.6l3-2.3c.5-.4 1.1.1.9.7l-1.4 4.2 1.4 4.2c.2.6-.4 1.1-.9.7l-3-2.3c-1.5 1.6-3.4 3.3-6 3.6-3.8.4-8-1.2-11-6.2z"
        fill="#fff"
      />
      <circle cx="12" cy="13.8" r="1.3" fill="#0f6b7d" />
      <path
        d="M4.5 26c2.4-1.5 4.7-1.5 7.1 0s4.7 1.5 7.1 0 4.7-1.5 7.1 0"
        fill="none"
        stroke="#b4f1e8"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </svg>
  )
}
