// A believable desk for pictures and for tests that need more than a few issues: two projects, three areas, labels, dates.
import { send } from './support.mjs';

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

const titles = [
  ['Websocket drops after suspend', 'In Progress', 'URGENT', ['bug', 'net'], 0, 'Relay 2.0'],
  ['Resume the stream with Last-Event-ID', 'In Progress', 'HIGH', ['net', 'feature'], 1, 'Relay 2.0'],
  ['Back off with jitter when the server is away', 'In Review', 'HIGH', ['net'], 2, 'Relay 2.0'],
  ['Heartbeat every 15 seconds', 'In Review', 'MEDIUM', ['net'], null, 'Relay 2.0'],
  ['Send queued writes in order', 'To Do', 'HIGH', ['feature'], 3, 'Relay 2.0'],
  ['Say which device made a change', 'To Do', 'MEDIUM', ['feature', 'design'], null, 'Relay 2.0'],
  ['Compress the snapshot', 'To Do', 'LOW', ['perf'], 9, 'Relay 2.0'],
  ['Conflict: compare both texts side by side', 'To Do', 'MEDIUM', ['design'], 12, 'Relay 2.0'],
  ['Measure reconnects on a train', 'Backlog', 'NO_PRIORITY', [], null, 'Relay 2.0'],
  ['Write the protocol down', 'Backlog', 'LOW', ['docs'], 20, 'Relay 2.0'],
  ['Drop the polling fallback', 'Backlog', 'NO_PRIORITY', ['debt'], null, 'Relay 2.0'],
  ['Event ids survive a restart', 'Done', 'HIGH', ['bug', 'net'], -2, 'Relay 2.0'],
  ['One connection for all tabs', 'Done', 'MEDIUM', ['perf', 'net'], -6, 'Relay 2.0'],
  ['Landing page in two languages', 'In Progress', 'MEDIUM', ['design', 'docs'], 4, 'Site'],
  ['Pictures for the readme', 'To Do', 'LOW', ['docs'], -1, 'Site'],
  ['RSS feed of releases', 'Backlog', 'NO_PRIORITY', ['feature'], null, 'Site'],
  ['Renew the certificate', 'To Do', 'URGENT', [], -3, null],
  ['Read the paper on CRDTs', 'Backlog', 'LOW', [], null, null],
  ['日本語の組版を直す 🚀', 'To Do', 'MEDIUM', ['bug'], 6, null],
  ['Clean the keyboard', 'Backlog', 'NO_PRIORITY', [], null, null],
];

const description = `Closing the lid for more than a minute kills the connection, and the client **does not notice**
until the next write fails.

### Steps
1. Open two tabs, suspend for two minutes
2. Wake up, change an issue in one of them

- [x] Reproduce with \`networkctl down\`
- [x] Write a failing test
- [ ] Notice a dead line within 45 s
- [ ] Reconnect at once on *online*

\`\`\`cpp
void watch(Stream& stream) {
  stream.watchdog = after(45s, [&] { stream.abort(); });  // three heartbeats
}
\`\`\`

| network | before | after |
| --- | ---: | ---: |
| Wi-Fi | 38 s | 0.4 s |
| LTE | never | 1.1 s |

See #2 and [the note](https://example.org/note).
`;

// Fills the account that `context` is signed in as. Answers the issues by title.
export async function fillDesk(context, server) {
  const post = (address, body) => send(context, server, 'POST', address, body);
  const projects = new Map();
  for (const name of ['Relay 2.0', 'Site']) projects.set(name, (await post('/api/v1/projects', { name })).id);
  for (const [name, color] of [['Work', '#2E83E6'], ['Home', '#029D50'], ['Learning', '#AA7901']]) await post('/api/v1/areas', { name, color });
  const labels = new Map();
  for (const [name, color] of [['bug', '#D6504C'], ['feature', '#0A978B'], ['net', '#6E74E6'], ['perf', '#CC6004'], ['design', '#9964D5'], ['docs', '#2E83E6'], ['debt', '#8B8276']]) {
    labels.set(name, (await post('/api/v1/labels', { name, color })).id);
  }
  const { items } = await send(context, server, 'GET', '/api/v1/workflows');
  const statuses = new Map(items[0].statuses.map((status) => [status.name, status.id]));
  const issues = new Map();
  for (const [title, status, priority, names, due, project] of titles) {
    issues.set(title, await post('/api/v1/issues', {
      title,
      priority,
      statusId: statuses.get(status),
      labelIds: names.map((name) => labels.get(name)),
      ...(due === null ? {} : { dueDate: day(due) }),
      ...(project ? { projectId: projects.get(project) } : {}),
      ...(title.startsWith('Websocket') ? { description } : {}),
    }));
  }
  const first = issues.get('Websocket drops after suspend');
  for (const title of ['Notice the dead line', 'Reconnect on wake-up', 'Test on three laptops']) {
    await post('/api/v1/issues', { title, parentIssueId: first.id, projectId: projects.get('Relay 2.0'), statusId: statuses.get(title.startsWith('Notice') ? 'Done' : 'To Do') });
  }
  await post(`/api/v1/issues/${first.number}/relations`, { relationType: 'BLOCKS', issueId: issues.get('Write the protocol down').id }).catch(() => {});
  await post(`/api/v1/issues/${first.number}/comments`, { body: 'The watchdog fires; the *second* tab still shows the old state.' }).catch(() => {});
  return issues;
}
