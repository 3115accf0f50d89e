/** Every script of the fake server, played by a person who does what the script says. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { person } from './stage/person.ts'
import { Stage } from './stage/Stage.tsx'
import { playsScript } from './stage/playsScript.ts'

const meta = {
  title: 'Scripts',
  component: Stage,
  args: { width: 640, height: 300 },
  play: playsScript,
} satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

/** Which colours a program prints on which is its own business; the panel keeps readable what it chooses itself. */
const programsColours = { a11y: { config: { rules: [{ id: 'color-contrast', selector: '*:not(.xterm-rows *)' }] } } }

/** The shell is there at once and everything works. */
export const HappyPath: Story = { args: { script: 'happy-path' } }

/** The server takes three seconds to let somebody in. */
export const SlowHandshake: Story = { args: { script: 'slow-handshake' } }

/** The token endpoint takes seven seconds to answer. */
export const TokenSlow: Story = { args: { script: 'token-slow' } }

/** The token endpoint says that this person may not. */
export const TokenRefused: Story = { args: { script: 'token-refused' } }

/** The token is too old when it arrives, as after a long sleep of the machine. */
export const TokenExpired: Story = { args: { script: 'token-expired' } }

/** Nobody answers at the token endpoint for two seconds, then it is back. */
export const TokenUnreachable: Story = { args: { script: 'token-unreachable' } }

/** The token endpoint takes the first request and says nothing. */
export const TokenSilent: Story = { args: { script: 'token-silent' } }

/** The token endpoint answers with a page for people, as some proxies do. */
export const TokenGarbage: Story = { args: { script: 'token-garbage' } }

/** Too many tokens were asked for: the endpoint names a wait, and the page keeps it. */
export const TokenRateLimited: Story = { args: { script: 'token-rate-limited' } }

/** Nobody is signed in any more. */
export const SignInRefused: Story = { args: { script: 'sign-in-refused' } }

/** There is no such terminal. */
export const NotFound: Story = { args: { script: 'not-found' } }

/** The page comes from an origin that the server does not know. */
export const OriginRefused: Story = { args: { script: 'origin-refused' } }

/** Tokens come, sockets do not: after ten tries the page gives up. */
export const ConnectRefused: Story = { args: { script: 'connect-refused' } }

/** The first try to connect meets silence, the second goes through. */
export const ConnectHangs: Story = { args: { script: 'connect-hangs' } }

/** The server lets somebody in, and the program never comes. */
export const ShellNeverStarts: Story = { args: { script: 'shell-never-starts' } }

/** The machine behind the terminal does not answer. */
export const TargetUnreachable: Story = { args: { script: 'target-unreachable' } }

/** This person may not open this machine. */
export const TargetRefused: Story = { args: { script: 'target-refused' } }

/** The program cannot be started because something broke on the server. */
export const InternalError: Story = { args: { script: 'internal-error' } }

/** The server has no room for one more terminal of this person. */
export const ChannelLimit: Story = { args: { script: 'channel-limit' } }

/** The server speaks another wire profile than the page. */
export const UnsupportedProfile: Story = { args: { script: 'unsupported-profile' } }

/** The server has no room and names a wait of four seconds; then it has. */
export const ServerBusy: Story = { args: { script: 'server-busy' } }

/** The server has too many connections and turns every further one away. */
export const ServerOverloaded: Story = { args: { script: 'server-overloaded' } }

/** The first connection breaks after exactly 1200 bytes towards the page, in the middle of the output. */
export const CutAtByte: Story = { args: { script: 'cut-at-byte' } }

/** The connection breaks every three seconds, five times, while a program prints. */
export const CutOften: Story = { args: { script: 'cut-often' } }

/** The connection breaks between two keys; the second one waits for two seconds and arrives. */
export const CutWhileTyping: Story = { args: { script: 'cut-while-typing' } }

/** The connection breaks and stays away: typing is refused after ten seconds, the page gives up. */
export const CutForLong: Story = { args: { script: 'cut-for-long' } }

/** The browser has no network for five seconds and says so. */
export const Offline: Story = { args: { script: 'offline' } }

/** A program prints much while nobody looks at the page, and the page catches up. */
export const HiddenPage: Story = { args: { script: 'hidden-page' } }

/** The line goes dead and neither end is told: the page finds out while somebody types. */
export const HalfOpen: Story = { args: { script: 'half-open' } }

/** The network swallows everything for thirty seconds and then lets it through. */
export const Stalled: Story = { args: { script: 'stalled' } }

/** The connection breaks once, and the page goes on where it was. */
export const ResumeAccepted: Story = { args: { script: 'resume-accepted' } }

/** The connection breaks, and 12 000 bytes of output are gone when the page is back. */
export const ResumeWithGap: Story = { args: { script: 'resume-with-gap' } }

/** The page is loaded again and shows the same terminal. */
export const ResumeCold: Story = { args: { script: 'resume-cold' } }

/** The page comes back when its session is over. */
export const ResumeExpired: Story = { args: { script: 'resume-expired' } }

/** The server crashes, and the one that takes over knows nothing of the session. */
export const ResumeUnknown: Story = { args: { script: 'resume-unknown' } }

/** The page comes back with a secret that was used before, as after a theft. */
export const ResumeReused: Story = { args: { script: 'resume-reused' } }

/** The page comes back, and another page with the same session is alive. */
export const ResumeActiveElsewhere: Story = { args: { script: 'resume-active-elsewhere' } }

/** Every message takes 150 to 350 ms, and 32 KB a second fit through the line. */
export const SlowNetwork: Story = { args: { script: 'slow-network' } }

/** Another person has the terminal. */
export const AllocationBusy: Story = { args: { script: 'allocation-busy' } }

/** The same person has the terminal open in another place, and takes it over here. */
export const OpenElsewhere: Story = { args: { script: 'open-elsewhere' } }

/** The same person takes the terminal over in another place. */
export const TakenOver: Story = { args: { script: 'taken-over' } }

/** The tab is duplicated: the copy says that the terminal is open in another tab, and takes it over. */
export const DuplicatedTab: Story = { args: { script: 'duplicated-tab' } }

/** The right to the terminal is taken away while somebody uses it. */
export const AccessRevoked: Story = { args: { script: 'access-revoked' } }

/** The connection breaks, and when the page is back its sign-in is over. */
export const AccessLostWhileAway: Story = { args: { script: 'access-lost-while-away' } }

/** A program prints for ever; Ctrl-C still stops it. */
export const Flood: Story = { args: { script: 'flood' } }

/** A producer that cannot be paused prints more than can be kept for a page that is away. */
export const BackPressureOverflow: Story = { args: { script: 'back-pressure-overflow' } }

/** The shell exits with code 3. */
export const ExitWithCode: Story = { args: { script: 'exit-with-code' } }

/** The shell is stopped by the signal TERM. */
export const ExitWithSignal: Story = { args: { script: 'exit-with-signal' } }

/** The person closes the terminal. */
export const ClosedByPerson: Story = { args: { script: 'closed-by-person' } }

/** Nobody does anything for two seconds, which is all that this server allows. */
export const IdleTimeout: Story = { args: { script: 'idle-timeout' } }

/** The server says that the shell was closed because its person was away. */
export const DetachExpired: Story = { args: { script: 'detach-expired' } }

/** The service restarts and says so; the shell is lost, and a new one can be had. */
export const ServerRestart: Story = { args: { script: 'server-restart' } }

/** The machine behind the shell goes away. */
export const NodeDisconnected: Story = { args: { script: 'node-disconnected' } }

/** The machine behind the shell cannot prove who it is. */
export const NodeIdentityRejected: Story = { args: { script: 'node-identity-rejected' } }

/** The server calls the terminal off. */
export const Cancelled: Story = { args: { script: 'cancelled' } }

/** The server closes the connection because it heard nothing for too long; the page is back at once. */
export const TimedOut: Story = { args: { script: 'timed-out' } }

/** The server says something that nobody can read. */
export const MalformedFrame: Story = { args: { script: 'malformed-frame' } }

/** A program wants the clipboard, another title, a click on a false link, answers, and the screen. */
export const HostileOutput: Story = { args: { script: 'hostile-output' } }

/** A program shows 16, 256 and all colours. */
export const Colours: Story = { args: { script: 'colours' }, parameters: programsColours }

/** A program fills the screen, draws itself again when the size changes, and gives the screen back. */
export const FullScreen: Story = { args: { script: 'full-screen' }, parameters: programsColours }

/** A program says how far it is, from nothing to all of it. */
export const Progress: Story = { args: { script: 'progress' } }

/** Programs fail, work without a number, and pause, and say so. */
export const ProgressKinds: Story = { args: { script: 'progress-kinds' } }

/** A program prints a link that is what it says, and one that is not. */
export const Links: Story = { args: { script: 'links' } }

/** A program prints wide characters, accents and emoji. */
export const WideCharacters: Story = { args: { script: 'wide-characters' } }

/** Three commands run, one of them fails, and the shell marks where each begins and ends. */
export const CommandMarks: Story = { args: { script: 'command-marks' } }

/** A program rings when it is done. */
export const Bell: Story = { args: { script: 'bell' } }

/** A program asks the terminal who it is and where its cursor is, and prints the answers. */
export const AsksTerminal: Story = {
  args: { script: 'asks-terminal' },
  // The script has its person answer in the emulator's place; here there is an emulator.
  async play({ canvasElement }) {
    await person(canvasElement).readsOutput(/ESC \[\d+;\d+R/)
  },
}

/** A program asks for bracketed pastes, so several lines arrive as one. */
export const BracketedPaste: Story = { args: { script: 'bracketed-paste' } }
