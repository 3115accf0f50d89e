/** The pictures of the protocol, drawn with what a page has. */
import type { ReactNode } from 'react'
import './docs.css'

interface FigureProps {
  readonly title: string
  readonly caption: string
  readonly height: number
  readonly children: ReactNode
}

function Figure({ title, caption, height, children }: FigureProps): ReactNode {
  return (
    <figure className="drawing">
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an img element cannot hold a drawing that follows the theme */}
      <svg viewBox={`0 0 720 ${height}`} role="img" aria-label={title}>
        {children}
      </svg>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

const LANES = { page: 110, host: 360, server: 610 } as const
type Lane = keyof typeof LANES

function Lifelines({
  names,
  height,
}: {
  readonly names: Readonly<Partial<Record<Lane, string>>>
  readonly height: number
}): ReactNode {
  return Object.entries(names).map(([lane, name]) => {
    const x = LANES[lane as Lane] // the keys of a Partial<Record<Lane, …>>
    return (
      <g key={lane}>
        <rect x={x - 70} y={8} width={140} height={30} rx={6} fill="var(--fill)" stroke="var(--line)" />
        <text x={x} y={28} textAnchor="middle">
          {name}
        </text>
        <line x1={x} x2={x} y1={38} y2={height - 8} stroke="var(--line)" strokeDasharray="3 4" />
      </g>
    )
  })
}

interface ArrowProps {
  readonly from: Lane
  readonly to: Lane
  readonly y: number
  readonly text: string
  readonly note?: string
  readonly colour?: 'go' | 'ok' | 'warn'
  /** It never arrives. */
  readonly broken?: boolean
}

function Arrow({ from, to, y, text, note, colour = 'go', broken = false }: ArrowProps): ReactNode {
  const [a, b] = [LANES[from], LANES[to]]
  const way = Math.sign(b - a)
  const end = broken ? (a + b) / 2 : b - way * 3
  const stroke = `var(--${colour})`
  const middle = (a + b) / 2
  return (
    <g>
      <line x1={a + way * 3} x2={end} y1={y} y2={y} stroke={stroke} strokeWidth={1.8} />
      {broken ? (
        <path d={`M${end - 6} ${y - 6} l12 12 m0 -12 l-12 12`} stroke="var(--warn)" strokeWidth={2.2} />
      ) : (
        <path d={`M${end} ${y} l${-way * 9} -5 v10 z`} fill={stroke} />
      )}
      <text className="code" x={middle} y={y - 8} textAnchor="middle">
        {text}
      </text>
      {note !== undefined && (
        <text className="small" x={middle} y={y + 17} textAnchor="middle">
          {note}
        </text>
      )}
    </g>
  )
}

export function Handshake(): ReactNode {
  return (
    <Figure
      title="Handshake: a one-time token by HTTP, then hello and open over the socket"
      caption="Two questions, then a screen. Each step that takes longer than 400 ms has words in the line of the panel."
      height={330}
    >
      <Lifelines names={{ page: 'Page', host: 'Your host', server: 'Terminal server' }} height={330} />
      <Arrow from="page" to="host" y={76} text="POST …/terminal-token" note="who is this? your own sign-in knows" />
      <Arrow from="host" to="page" y={124} text="token" colour="ok" note="30 seconds, once" />
      <Arrow from="page" to="server" y={176} text="hello { token }" note="origin checked before, right to the terminal again" />
      <Arrow from="server" to="page" y={224} text="hello_ok { session, proof }" colour="ok" note="with these it can come back" />
      <Arrow from="page" to="server" y={268} text="open { cols, rows }" />
      <Arrow from="server" to="page" y={308} text="open_ok, output …" colour="ok" />
    </Figure>
  )
}

function Bar({
  x,
  y,
  width,
  text,
  fill,
}: {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly text: string
  readonly fill: string
}): ReactNode {
  return (
    <g>
      <rect x={x} y={y} width={width} height={30} fill={fill} stroke="var(--line)" />
      <text x={x + width / 2} y={y + 20} textAnchor="middle">
        {text}
      </text>
    </g>
  )
}

export function Credit(): ReactNode {
  return (
    <Figure
      title="Credit: drawn, under way, granted and still waiting bytes of output"
      caption="Numbers are byte offsets. What is drawn is acknowledged, and moves the window on; what is behind it waits with the program."
      height={190}
    >
      <text className="small" x={20} y={24}>
        output, from its first byte
      </text>
      <Bar x={20} y={36} width={250} text="drawn" fill="var(--fill)" />
      <Bar x={270} y={36} width={120} text="received" fill="light-dark(#ffffff, #272a30)" />
      <Bar x={390} y={36} width={110} text="under way" fill="light-dark(#fdf1db, #352b1a)" />
      <Bar x={500} y={36} width={80} text="granted" fill="none" />
      <rect x={580} y={36} width={120} height={30} fill="none" stroke="var(--line)" strokeDasharray="4 4" />
      <text className="small" x={640} y={56} textAnchor="middle">
        not asked for
      </text>
      <path d="M270 74 v10 h310 v-10" fill="none" stroke="var(--go)" strokeWidth={1.8} />
      <text x={282} y={106}>
        the window: between 64 KiB and 2 MiB, by the pace of the line
      </text>
      <path d="M270 66 v60" stroke="var(--ok)" strokeWidth={1.8} />
      <text className="code" x={262} y={140} textAnchor="end">
        ack
      </text>
      <text className="small" x={278} y={140}>
        grows with every frame that the page has drawn
      </text>
      <text className="small" x={20} y={174}>
        A program that writes faster blocks, as it would on a slow terminal. Keys and Ctrl-C have credit of their own.
      </text>
    </Figure>
  )
}

export function Resume(): ReactNode {
  return (
    <Figure
      title="Resume: after a cut the page says what it has, and the server goes on from there"
      caption="What was under way when the line broke is sent again. What both have seen is left out by its number, whoever sends it twice."
      height={330}
    >
      <Lifelines names={{ page: 'Page', server: 'Terminal server' }} height={330} />
      <Arrow from="server" to="page" y={76} text="output … 4 096" colour="ok" note="received" />
      <Arrow from="server" to="page" y={120} text="output … 6 144" broken note="the line breaks" />
      <text className="small" x={360} y={168} textAnchor="middle">
        the program goes on; its output is kept, up to 4 MiB, for at least 90 s
      </text>
      <Arrow
        from="page"
        to="server"
        y={206}
        text="hello { resume: received 4 096, typed 37 }"
        note="with the proof that this page still lives"
      />
      <Arrow
        from="server"
        to="page"
        y={256}
        text="hello_ok { written 35 }"
        colour="ok"
        note="the last two keys are sent again, once"
      />
      <Arrow from="server" to="page" y={304} text="output from 4 096 …" colour="ok" />
    </Figure>
  )
}
