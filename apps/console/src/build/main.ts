import { buildConsole, CONSOLE_DIR } from './build-console.ts';

await buildConsole();
console.log(`console: ${CONSOLE_DIR}`);
