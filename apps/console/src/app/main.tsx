import type { JSX } from 'preact';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { AgentPage } from './agent-page.tsx';
import { follow } from './follow.ts';
import { JobPage } from './job-page.tsx';
import { Market } from './market.tsx';
import { Mine } from './mine.tsx';
import { Operator } from './operator.tsx';
import { Link, usePath } from './router.tsx';
import { resume, useSession } from './session.ts';
import { Empty } from './ui.tsx';

const ROOMS = [
  ['/', 'Market'],
  ['/me', 'My agent'],
  ['/operator', 'Operator'],
] as const;

function Page({ path }: { readonly path: string }): JSX.Element {
  const [, room = '', id = '', more = ''] = path.split('/');
  if (room === '') return <Market />;
  if (room === 'agents' && id !== '') return <AgentPage key={id} agentId={id} />;
  if (room === 'jobs' && id !== '') return <JobPage key={id} jobId={id} />;
  if (room === 'me') return <Mine tab={id} />;
  if (room === 'operator') return <Operator tab={id} id={more} />;
  return (
    <>
      <h1>No such page</h1>
      <Empty>
        There is nothing at this address. <Link to="/">The market</Link> is a good place to begin.
      </Empty>
    </>
  );
}

function App(): JSX.Element {
  const path = usePath();
  const { agent } = useSession();
  useEffect(() => {
    if (agent === null) return undefined;
    const ending = new AbortController();
    void follow(agent.agentId, ending.signal);
    return () => ending.abort();
  }, [agent?.agentId]);
  const isIn = (room: string): boolean =>
    room === '/'
      ? path === '/' || path.startsWith('/agents')
      : path.startsWith(room) || (room === '/me' && path.startsWith('/jobs'));
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header>
        <a class="home" href="/">
          Agent Registry
        </a>
        <nav aria-label="Rooms">
          {ROOMS.map(([to, title]) => (
            <Link key={to} to={to} current={isIn(to)}>
              {title}
            </Link>
          ))}
          <a href="/docs">Docs</a>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <Page path={path} />
      </main>
    </>
  );
}

await resume();
const root = document.getElementById('app')!;
root.replaceChildren();
render(<App />, root);
