import { FIRST_JOB_STATUS, JOB_ACTIONS, JOB_RULES, type JobAction } from '@agent-registry/domain';
import { JOB_STATUSES, type JobStatus } from '@agent-registry/schemas';
import { escapeHtml, table } from './html.ts';

const ROW = 74;
const HEIGHT = 34;
const TOP = 12;
const COLUMNS = {
  left: { x: 10, width: 112 },
  middle: { x: 300, width: 120 },
  right: { x: 610, width: 112 },
};
const VIEW = { width: 740, height: 9 * ROW };

/** Where a state stands: its column, its first row and its last. */
const PLACES: Readonly<Record<JobStatus, readonly [keyof typeof COLUMNS, number, number]>> = {
  proposed: ['middle', 0, 0],
  negotiating: ['middle', 1, 1],
  agreed: ['middle', 2, 2],
  funded: ['middle', 3, 3],
  in_progress: ['middle', 4, 4],
  delivered: ['middle', 5, 5],
  verifying: ['middle', 6, 6],
  disputed: ['middle', 7, 7],
  resolved: ['middle', 8, 8],
  cancelled: ['left', 0, 4],
  completed: ['left', 5, 6],
  failed: ['right', 3, 6],
};

interface Edge {
  readonly from: JobStatus;
  readonly to: JobStatus;
  readonly actions: readonly JobAction[];
}

/**
 * Every step from a state to another one. Parties settle from every state that holds money: the picture has one of those lines,
 * beside the operator's, and the table has all.
 */
function edges(): Edge[] {
  const steps = JOB_ACTIONS.flatMap((action) =>
    JOB_RULES[action].from.flatMap((from) => {
      const { to } = JOB_RULES[action];
      const isDrawn = action !== 'accept_settlement' || from === 'disputed';
      return to === null || to === from || !isDrawn ? [] : [{ from, to, action }];
    }),
  );
  return [...Map.groupBy(steps, ({ from, to }) => `${from} ${to}`).values()].map((same) => ({
    from: same[0]!.from,
    to: same[0]!.to,
    actions: same.map(({ action }) => action),
  }));
}

/** The states of a job and what leads from each to which, drawn from the table that the job machine works by. */
export function machineDiagram(): string {
  return `<div class="scroll" tabindex="0"><svg class="machine" viewBox="0 0 ${VIEW.width} ${VIEW.height}" role="img" aria-label="The states of a job and the actions between them; the table below says the same">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>
${edges().map(drawEdge).join('\n')}
${JOB_STATUSES.map(drawState).join('\n')}</svg></div>`;
}

const yOf = (row: number): number => TOP + row * ROW + HEIGHT / 2;

function drawState(status: JobStatus): string {
  const [column, first, last] = PLACES[status];
  const { x, width } = COLUMNS[column];
  const height = (last - first) * ROW + HEIGHT;
  const y = TOP + first * ROW;
  return `<g class="state"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="7"/><text x="${x + width / 2}" y="${y + height / 2 + 4}" text-anchor="middle">${status}</text></g>`;
}

function drawEdge({ from, to, actions }: Edge): string {
  const [path, x, y, anchor] = routeOf(from, to);
  const lines = actions.map(
    (action, index) => `<tspan x="${x}" dy="${index === 0 ? 0 : 13}">${action}</tspan>`,
  );
  const shift = (anchor === 'middle' ? -13 : -9) * (actions.length - 1);
  return `<g class="step"><path d="${path}" marker-end="url(#arrow)"/><text x="${x}" y="${y + shift}" text-anchor="${anchor}">${lines.join('')}</text></g>`;
}

type Route = readonly [path: string, labelX: number, labelY: number, anchor: 'start' | 'middle' | 'end'];

/** The line from one state to another, and the place of its words. */
function routeOf(from: JobStatus, to: JobStatus): Route {
  const [fromColumn, , fromRow] = PLACES[from];
  const [toColumn, toRow] = PLACES[to];
  const { x, width } = COLUMNS.middle;
  const [left, right, center] = [x, x + width, x + width / 2];
  const [start, end] = [yOf(fromRow), yOf(toRow)];
  if (fromColumn === 'right') {
    const corner = COLUMNS.right.x + COLUMNS.right.width / 2;
    return [`M${corner} ${start + HEIGHT / 2}V${end}H${right + 3}`, right + 100, end - 6, 'middle'];
  }
  if (toColumn === 'left') {
    const edge = COLUMNS.left.x + COLUMNS.left.width + 3;
    return [`M${left} ${start}H${edge}`, edge + 36, start - 6, 'middle'];
  }
  if (toColumn === 'right') {
    return [`M${right} ${start}H${COLUMNS.right.x - 3}`, COLUMNS.right.x - 42, start - 6, 'middle'];
  }
  if (toRow === fromRow + 1)
    return [
      `M${center} ${start + HEIGHT / 2}V${end - HEIGHT / 2 - 3}`,
      center - 8,
      (start + end) / 2 + 4,
      'end',
    ];
  if (toRow > fromRow) {
    const bulge = right + 46;
    return [
      `M${right} ${start + 8}C${bulge} ${start + 20} ${bulge} ${end - 20} ${right + 3} ${end - 8}`,
      right + 40,
      end - ROW / 2 + 4,
      'start',
    ];
  }
  const bulge = left - 46;
  return [
    `M${left} ${start - 8}C${bulge} ${start - 20} ${bulge} ${end + 20} ${left - 3} ${end + 8}`,
    left - 40,
    (start + end) / 2 + 24,
    'end',
  ];
}

/** The same as a table: each state, what may be done in it, by whom, and where that leads. */
export function machineTable(): string {
  const rows = JOB_STATUSES.map((status) => [`<code>${status}</code>`, exitsOf(status)]);
  return table(['state', 'action (whose) → next state'], rows);
}

function exitsOf(status: JobStatus): string {
  const exits = JOB_ACTIONS.filter((action) => JOB_RULES[action].from.includes(status)).map((action) => {
    const { to, by } = JOB_RULES[action];
    const target = to === null ? '' : ` → <code>${to}</code>`;
    return `<code>${action}</code> (${escapeHtml(by)})${target}`;
  });
  if (exits.length === 0) return 'final';
  return `${status === FIRST_JOB_STATUS ? 'A job begins here.<br>' : ''}${exits.join('<br>')}`;
}
