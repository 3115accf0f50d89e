/** One-time tokens, asked for where the panel asks by default. The app knows who is signed in; the terminal service knows the app by a key. */

interface Params {
  readonly params: Promise<{ readonly allocation: string }>
}

export async function POST(request: Request, { params }: Params): Promise<Response> {
  const { allocation } = await params
  const { TERMINALS = 'http://127.0.0.1:4711', TERMINALS_KEY = '' } = process.env
  const origin = request.headers.get('origin') ?? ''
  const answer = await fetch(`${TERMINALS}/api/v1/allocations/${encodeURIComponent(allocation)}/terminal-token`, {
    method: 'POST',
    // The person who is signed in would be named here, as the app knows them from their session.
    headers: { 'content-type': 'application/json', origin, 'x-terminals-key': TERMINALS_KEY },
    body: await request.text(),
    cache: 'no-store',
  })
  return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'application/json' } })
}
