// Cloud Scheduler's part: calls the dispatcher's sweep, with a token of the tasks account.
const { DISPATCHER_URL, TOKEN_URL, TASKS_SERVICE_ACCOUNT } = process.env;
const everyMs = 1_000;
const timeoutMs = 30_000;

async function sweep() {
  const query = new URLSearchParams({ audience: DISPATCHER_URL, email: TASKS_SERVICE_ACCOUNT });
  const signal = AbortSignal.timeout(timeoutMs);
  const token = await fetch(`${TOKEN_URL}?${query}`, { method: 'POST', signal });
  const response = await fetch(`${DISPATCHER_URL}/internal/sweep`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await token.text()}`, 'Content-Type': 'application/json' },
    body: '{}',
    signal,
  });
  if (!response.ok) throw new Error(`the dispatcher answered ${response.status}`);
}

let isStopping = false;
process.on('SIGTERM', () => {
  isStopping = true;
});
while (!isStopping) {
  await sweep().catch((error) => console.error(`the sweep fails: ${error.message}`));
  await new Promise((resolve) => setTimeout(resolve, everyMs));
}
