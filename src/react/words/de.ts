/** The words of a panel in German, to be handed over as `words`: `<TerminalProvider words={german}>`. */
import type { End } from '../../client/api.ts'
import type { CloseReason } from '../../protocol/closeReasons.ts'
import type { DetailsWords } from '../details/words.ts'
import type { LinkWhy } from '../links/question.ts'
import { duration, part, size } from './figures.ts'
import type { Words } from './words.ts'

/** Figures are the English ones with a decimal comma. */
const comma = (figure: string): string => figure.replace('.', ',')
const amount = (bytes: number): string => comma(size(bytes)).replace(/bytes?$/, 'Byte')
const share = (sent: number, of: number): string =>
  part(sent, of)
    .replaceAll('.', ',')
    .replace(/bytes?$/, 'Byte')
    .replace(' of ', ' von ')
const time = (ms: number): string => comma(duration(ms))
const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`
const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f')

function idle(afterMs: number | undefined): string {
  if (afterMs === undefined) return 'Nach einer Zeit ohne Aktivität geschlossen.'
  const minutes = Math.round(afterMs / 60_000)
  if (minutes >= 1) return `Nach ${many(minutes, 'Minute', 'Minuten')} ohne Aktivität geschlossen.`
  return `Nach ${many(Math.max(1, Math.round(afterMs / 1000)), 'Sekunde', 'Sekunden')} ohne Aktivität geschlossen.`
}

function shellExit(exit: End['exit']): string {
  if (exit?.sig !== undefined) return `Die Shell wurde mit Signal ${exit.sig.replace(/^SIG/, '')} beendet.`
  return exit?.code === undefined ? 'Die Shell ist beendet.' : `Die Shell endete mit Code ${exit.code}.`
}

const REASONS: Readonly<
  Record<Exclude<CloseReason, 'shell_exit' | 'idle_timeout' | 'browser_disconnected'> | 'not_found' | 'failed', string>
> = {
  user_closed: 'Sie haben dieses Terminal geschlossen.',
  cancelled: 'Das Terminal wurde vor dem Start abgebrochen.',
  unsupported_profile: 'Seite und Server brauchen dieselbe Version.',
  auth_failed: 'Die Anmeldung wurde nicht angenommen.',
  policy_denied: 'Sie dürfen dieses Terminal nicht benutzen.',
  allocation_busy: 'Dieses Terminal wird anderswo benutzt.',
  target_unreachable: 'Die Maschine ist gerade nicht erreichbar.',
  channel_limit: 'In diesem Terminal sind zu viele Shells offen.',
  protocol_error: 'Der Server hat Unlesbares gesendet.',
  server_overload: 'Der Server hat gerade kein Terminal frei.',
  unknown: 'Die Shell wurde nicht wiedergefunden.',
  expired: 'Sie waren zu lange weg, die Shell wurde beendet.',
  reused: 'Diese Seite erreicht ihre Shell nicht mehr.',
  active_elsewhere: 'Dieses Terminal ist in einem anderen Tab offen.',
  timeout: 'Der Server hat nicht rechtzeitig geantwortet.',
  internal_error: 'Auf dem Server ist etwas kaputtgegangen.',
  superseded: 'Ein anderer Tab hat dieses Terminal übernommen.',
  backpressure_overflow: 'Die Ausgabe kam zu schnell, um sie zu behalten.',
  detach_expired: 'Sie waren zu lange weg, die Shell wurde beendet.',
  node_disconnected: 'Die Maschine hinter dieser Shell ist weg.',
  node_identity_rejected: 'Die Maschine konnte sich nicht ausweisen.',
  gateway_restart: 'Der Dienst startete neu, die Shell ging verloren.',
  not_found: 'Dieses Terminal gibt es nicht mehr.',
  failed: 'Das Terminal konnte nicht starten.',
}

function ended(end: End, tries: number): string {
  switch (end.reason) {
    case 'shell_exit':
      return shellExit(end.exit)
    case 'idle_timeout':
      return idle(end.afterMs)
    case 'browser_disconnected':
      return `Keine Verbindung nach ${many(tries, 'Versuch', 'Versuchen')}.`
    default:
      return REASONS[end.reason]
  }
}

function mark({ command, phase, exitCode }: Parameters<Words['commands']['mark']>[0]): string {
  if (phase === 'prompt') return 'Eingabezeile'
  const name = command === '' ? 'Befehl' : command
  if (phase === 'running') return `${name}, läuft`
  if (exitCode === null) return `${name}, beendet`
  return exitCode === 0 ? `${name}, erfolgreich` : `${name}, fehlgeschlagen, Code ${exitCode}`
}

function commandEnded(exitCode: number | null, durationMs: number | null): string {
  const facts = [exitCode === null ? '' : `Code ${exitCode}`, durationMs === null ? '' : time(durationMs)]
  return facts.filter((fact) => fact !== '').join(', ') || 'fertig'
}

function progress(kind: 'normal' | 'error' | 'paused' | 'busy', percent: number | null): string {
  if (kind === 'busy') return 'arbeitet'
  const said = { normal: '', error: 'mit Fehlern', paused: 'angehalten' }[kind]
  return [percent === null ? '' : `${percent} %`, said].filter((word) => word !== '').join(', ')
}

function whyAsked(why: LinkWhy, text: string): string {
  switch (why) {
    case 'text':
      return text === '' ? 'Der Text zeigt sie nicht.' : `Der Text zeigt nur „${text}“.`
    case 'person':
      return 'Was vor dem @ steht, ist nicht der Host.'
    case 'letters':
      return 'Manche Zeichen sind mit anderen verwechselbar.'
    case 'mail':
      return 'Der Link öffnet Ihr Mailprogramm.'
    case 'touch':
      return ''
    case 'scheme':
      return 'Nur Web- und Mailadressen werden geöffnet.'
    case 'policy':
      return 'Der Host ist hier nicht erlaubt.'
  }
}

const coded = (sentence: string, code: string | number | boolean | null | undefined): string =>
  code === undefined || code === null || code === '' ? sentence : `${sentence} (${code})`

const PAUSES: Readonly<Record<string, string>> = {
  transport: 'langsame Verbindung',
  hidden: 'Seite im Hintergrund',
  offline: 'kein Netz',
}

/** `18 min`, `3 s`, `2 h 5 min`. */
function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const details: DetailsWords = {
  title: 'Verbindungsdetails',
  close: 'Schließen',
  terms: {
    state: 'Zustand',
    roundTrip: 'Antwortzeit',
    output: 'Ausgabe',
    typing: 'Eingabe',
    reconnects: 'Neu verbunden',
    drawnBy: 'Gezeichnet von',
    outputAt: 'Ausgabebytes',
    typingAt: 'Eingabebytes',
    credit: 'Platz für',
    pauses: 'Pausen',
  },
  curve: 'Antwortzeit in der letzten Minute',
  figures: 'Weitere Zahlen',
  log: 'Was geschah, das Neueste zuerst',
  promise: 'Ohne Ausgabe, Eingabe und Geheimnisse.',
  copy: 'Kopieren',
  copied: 'Kopiert',
  save: 'Speichern',
  saved: 'Gespeichert',

  idle: 'Nicht verbunden',
  connectedFor: (ms) => `Verbunden seit ${elapsed(ms)}`,
  lostFor: (ms) => `Keine Verbindung seit ${elapsed(ms)}`,
  notMeasured: 'Noch nicht gemessen',
  roundTrip: (ms, worst) => `${count(ms)} ms, höchstens ${count(worst)} ms in 1 min`,
  output: (received, missing) => `${amount(received)} empfangen, ${missing === 0 ? '0' : amount(missing)} fehlen`,
  typing: (sent, waiting) => `${count(sent)} gesendet, ${count(waiting)} warten`,
  reconnects: (times, missing) =>
    times === 0 ? 'Nie' : `${count(times)} Mal, ${missing === 0 ? 'nichts verloren' : `${amount(missing)} verloren`}`,
  drawnBy: (renderer, cols, rows) =>
    renderer === null ? 'Noch nichts' : `${renderer === 'webgl' ? 'WebGL' : 'DOM'}, ${cols} × ${rows}`,
  outputAt: (received, drawn) => `${count(received)}, gezeichnet bis ${count(drawn)}`,
  typingAt: (typed, written) => `${count(typed)}, angenommen bis ${count(written)}`,
  credit: (output, typing) => `${amount(output)} Ausgabe, ${amount(typing)} Eingabe`,
  pauses(why) {
    const names = Object.entries(why).flatMap(([name, on]) => (on ? [PAUSES[name] ?? name] : []))
    return names.length === 0 ? 'Keine' : names.join(', ').replace(/^./, (letter) => letter.toUpperCase())
  },
  repeated: (times) => `${count(times)} Mal`,
  events: {
    allowed: () => 'Zugang geprüft',
    trying: () => 'Neuer Versuch',
    connected: ({ ms }) => `Verbunden in ${count(Number(ms))} ms`,
    reconnected: ({ missing }) =>
      missing === 0 ? 'Wieder verbunden, nichts verloren' : `Wieder verbunden, ${amount(Number(missing))} verloren`,
    offline: () => 'Wartet auf ein Netz',
    left: () => 'Die Seite wurde verlassen',
    elsewhere: () => 'Anderswo offen',
    ended: () => 'Beendet',
    closed: ({ code }) => coded('Verbindung geschlossen', code),
    lost: ({ code }) => coded('Verbindung verloren', code),
    unreached: ({ code }) => coded('Keine Verbindung', code),
    refused: ({ why }) => coded('Zugang verweigert', why),
    breach: ({ code }) => coded('Unlesbares kam an', code),
    gap: ({ bytes }) => `${amount(Number(bytes))} Ausgabe fehlen`,
    paused: ({ why }) => `Pause: ${PAUSES[String(why)] ?? String(why)}`,
    unpaused: ({ why }) => `Weiter: ${PAUSES[String(why)] ?? String(why)} vorbei`,
    'open-refused': ({ code }) => coded('Die Shell wurde verweigert', code),
    'channels-unclaimed': ({ count: left }) => `${many(Number(left), 'Terminal', 'Terminals')} dieser Sitzung nicht gezeigt`,
    'input-refused': ({ bytes, why }) =>
      coded(bytes === undefined ? 'Eingabe abgelehnt' : `${amount(Number(bytes))} Eingabe abgelehnt`, why),
    'held-refused': ({ why }) => coded('Eingaben werden nicht mehr aufgehoben', why),
    'reply-dropped': ({ why }) => coded('Eine automatische Antwort entfiel', why),
    'signal-not-sent': ({ sig }) => coded('Ein Signal wurde nicht gesendet', sig),
    'signal-unconfirmed': ({ signals }) => coded('Ein Signal ging vielleicht verloren', signals),
    'size-ignored': () => 'Eine unmögliche Größe blieb unbeachtet',
    ignored: ({ event }) => coded('Nichts zu tun', event),
    'platform-refused': ({ what, why }) => coded(`Der Browser verweigerte: ${String(what)}`, why),
    'socket-refused': ({ why }) => coded('Der Browser verweigerte die Verbindung', why),
    'error-listener-threw': () => 'Die Seite konnte eine Fehlermeldung nicht annehmen',
    other: ({ code }) => String(code),
  },
}

/** What stands on German keys, where it is something else. */
const KEYS: Readonly<Record<string, string>> = {
  Ctrl: 'Strg',
  Shift: 'Umschalt',
  PgUp: 'Bild↑',
  PgDn: 'Bild↓',
  Home: 'Pos1',
  End: 'Ende',
  Ins: 'Einfg',
  Del: 'Entf',
}

export const german: Words = {
  panel: {
    lang: 'de',
    terminal: 'Terminal',
    statusGroup: 'Zustand des Terminals',
    details: 'Verbindungsdetails',
    leaveHint: 'Mit Escape, dann Tab verlassen Sie das Terminal.',
    taskProgress: 'Fortschritt der Aufgabe',
  },
  start: {
    loading: 'Lädt',
    connecting: 'Verbindet',
    connectingSlow: 'Das Verbinden dauert länger als sonst.',
    authenticating: 'Prüft den Zugang',
    opening: 'Startet die Shell',
    said: 'Noch keine Verbindung. Neuer Versuch.',
    waiting: (n, of, s) => `Noch nicht verbunden. Versuch ${n}/${of} in {${s}} s.`,
    trying: (n, of) => `Noch nicht verbunden. Versuch ${n}/${of} läuft.`,
  },
  ready: {
    said: 'Terminal bereit.',
    shell: 'Shell',
    connected: (ms) => (ms === null ? 'Verbunden.' : `Verbunden. Antwortzeit ${Math.round(ms)} ms`),
    pausedSlow: 'Langsame Verbindung. Die Ausgabe holt auf.',
    pausedHidden: 'Die Ausgabe aus dem Hintergrund holt auf.',
    bell: 'Glocke',
    viewOnly: (typist) => (typist === null ? 'Nur Ansicht.' : `Nur Ansicht. ${typist} tippt.`),
    viewOnlyTyped: 'Hier können Sie zusehen, aber nicht tippen.',
    grid: (cols, rows) => `${cols} × ${rows}`,
    opens: { 'ctrl-click': 'Strg-Klick öffnet', 'cmd-click': '⌘-Klick öffnet', enter: 'Enter öffnet' },
    commandEnded,
    running: 'läuft',
    prompt: 'aktuelle Zeile',
    progress,
  },
  lost: {
    offline: 'Kein Netz. Das Terminal wartet darauf.',
    said: 'Verbindung verloren. Wird neu verbunden.',
    waiting: (n, of, s) => `Verbindung verloren. Versuch ${n}/${of} in {${s}} s.`,
    trying: (n, of) => `Verbindung verloren. Versuch ${n}/${of} läuft.`,
    serverBusy: (n, of, s) => `Der Server ist ausgelastet. Versuch ${n}/${of} in {${s}} s.`,
    serverBusySaid: 'Der Server ist ausgelastet. Neuer Versuch.',
    resumed: 'Wieder verbunden. Nichts ging verloren.',
    resumedGap: (bytes) => `Wieder verbunden. ${amount(bytes)} Ausgabe fehlen.`,
    gapMark: (bytes) => `Hier fehlen ${amount(bytes)} Ausgabe`,
  },
  typing: {
    keysWaiting: (keys) => many(keys, 'Taste wartet', 'Tasten warten'),
    keysWaitingShort: (keys) => many(keys, 'Taste', 'Tasten'),
    heldKept: 'Eingaben werden aufgehoben und gesendet, sobald die Verbindung zurück ist.',
    heldFull: 'Eingabe gesperrt, bis die Verbindung zurück ist.',
    notSent: (keys, bytes) =>
      keys > 0
        ? `${many(keys, 'Taste wurde', 'Tasten wurden')} nicht gesendet.`
        : `${amount(bytes)} Eingabe ${bytes === 1 ? 'wurde' : 'wurden'} nicht gesendet.`,
  },
  find: {
    count: (current, total, more) => `${current} von ${more ? 'mehr als ' : ''}${total}`,
    none: 'Keine Treffer',
    noneSaid: 'Keine Treffer.',
    field: 'Suchen',
    matchCase: 'Groß- und Kleinschreibung beachten',
    wholeWord: 'Ganze Wörter',
    regex: 'Regulärer Ausdruck',
    previous: 'Voriger Treffer',
    next: 'Nächster Treffer',
    close: 'Suche schließen',
    mistake: 'Dieser Ausdruck hat einen Fehler.',
    mistakeShort: 'Fehler',
    tooMuch: 'Lookaround und Rückverweise gibt es hier nicht.',
    tooMuchShort: 'Unbekannt',
  },
  links: {
    list: 'Links im Terminal',
    none: 'Im Terminal sind keine Links zu sehen.',
    ask: 'Diese Adresse öffnen?',
    copyOnly: 'Diese Adresse lässt sich hier nicht öffnen.',
    why: whyAsked,
    open: 'In neuem Tab öffnen',
    mail: 'Mail schreiben',
    copy: 'Kopieren',
  },
  clipboard: {
    cannotCopy: 'Der Browser erlaubt hier kein Kopieren.',
    cannotPaste: 'Einfügen mit Strg Umschalt V.',
    cannotPasteMac: 'Einfügen mit ⌘V.',
    programCopied: 'Das Programm hat Text kopiert.',
  },
  ended: {
    elsewhere: REASONS.active_elsewhere,
    superseded: REASONS.superseded,
    busy: REASONS.allocation_busy,
    reason: ended,
    failed: REASONS.failed,
  },
  paste: {
    pasting: (sent, of) => `Fügt ein: ${share(sent, of)}`,
    pastingSaid: (of) => `Fügt ${amount(of).replace('MB', 'Megabyte').replace('KB', 'Kilobyte')} ein.`,
    stopped: (sent, of) => `Angehalten. ${share(sent, of)} waren schon gesendet.`,
    ask: (lines) => `${lines} Zeilen einfügen?`,
    askWhy: 'Jede Zeile wird ausgeführt, sobald sie ankommt.',
    hidden: 'Text mit versteckten Zeichen einfügen?',
    hiddenWhy: 'Solche Zeichen können unbemerkt etwas auslösen.',
    lines: (lines) => `${lines} Zeilen`,
    joined: 'Als eine Zeile',
    clean: 'Ohne sie einfügen',
  },
  commands: {
    mark,
    list: 'Befehle',
    menu: 'Befehl',
    copyOutput: 'Ausgabe kopieren',
    copyCommand: 'Befehl kopieren',
    selectOutput: 'Ausgabe auswählen',
    nextFailed: 'Nächster Fehlschlag',
    percent: (percent) => `${percent} Prozent.`,
  },
  shortcuts: {
    title: 'Tastenkürzel',
    find: 'In der Ausgabe suchen',
    copy: 'Auswahl kopieren',
    paste: 'Einfügen',
    previous: 'Voriger Befehl',
    next: 'Nächster Befehl',
    page: 'Eine Seite blättern',
    end: 'Zum Ende springen',
    size: 'Größerer, kleinerer Text',
    leave: 'Das Terminal verlassen',
    leaveKeys: 'Esc, dann Tab',
    keys: (label) => label.replaceAll(/[A-Z][a-z]\w+/g, (key) => KEYS[key] ?? key),
    text: 'Ausgabe als Text lesen',
    details: 'Verbindungsdetails',
    guide: 'Diese Liste',
  },
  more: {
    title: 'Mehr',
    find: 'Suchen',
    copy: 'Kopieren',
    paste: 'Einfügen',
    links: 'Links im Terminal',
    selectAll: 'Alles auswählen',
    clear: 'Leeren',
    text: 'Ausgabe als Text',
    save: 'Ausgabe speichern',
    saveColours: 'Mit Farben speichern',
    larger: 'Größerer Text',
    smaller: 'Kleinerer Text',
    details: 'Verbindungsdetails',
    guide: 'Tastenkürzel',
  },
  touch: {
    row: 'Zusatztasten',
    left: 'Pfeil nach links',
    up: 'Pfeil nach oben',
    down: 'Pfeil nach unten',
    right: 'Pfeil nach rechts',
    pipe: 'Senkrechter Strich',
    tilde: 'Tilde',
    more: 'Weitere Tasten',
    back: 'Erste Tasten',
    copy: 'Kopieren',
    ctrlLocked: 'Strg festgestellt',
    altLocked: 'Alt festgestellt',
  },
  tabs: {
    label: 'Terminals',
    newTerminal: 'Neues Terminal',
    close: (title) => `${title} schließen`,
    tab(title, percent, exitCode) {
      if (exitCode !== null) return `${title}, endete mit Code ${exitCode}`
      return percent === null ? title : `${title}, ${percent} Prozent`
    },
    short(percent, exitCode) {
      if (exitCode !== null) return `Code ${exitCode}`
      return percent === null ? '' : `${percent} %`
    },
    picker: (number, of, title) => `${number} von ${of}: ${title}`,
  },
  speech: {
    log: 'Ausgabe des Terminals',
    continues: 'Die Ausgabe geht weiter.',
    skipped: (lines) => `${many(lines, 'Zeile wurde', 'Zeilen wurden')} nicht vorgelesen.`,
    textTitle: 'Ausgabe als Text',
    command: (command, exitCode) => (exitCode === null ? command : `${command}, Code ${exitCode}`),
    noOutput: 'Keine Ausgabe.',
  },
  buttons: {
    cancel: 'Abbrechen',
    retryNow: 'Neu versuchen',
    tryAgain: 'Neuer Versuch',
    newShell: 'Neue Shell',
    takeOver: 'Hierher holen',
    signIn: 'Neu anmelden',
    copyDetails: 'Infos kopieren',
    copyKeys: 'Kopieren',
    copied: 'Kopiert',
    dismiss: 'Verwerfen',
    showGap: 'Lücke zeigen',
    stop: 'Anhalten',
    close: 'Schließen',
  },
  details,
}
