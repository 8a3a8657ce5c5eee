// Resource names: projects/P/locations/L/queues/Q/tasks/T, with the characters Cloud Tasks allows in each part.
import { invalidArgument } from './grpc-error.ts';

const LOCATION = /^projects\/[A-Za-z0-9:.-]{1,100}\/locations\/[A-Za-z0-9-]{1,63}$/;
const QUEUE_ID = /^[A-Za-z0-9-]{1,100}$/;
const TASK_ID = /^[A-Za-z0-9_-]{1,500}$/;
const SHOWN_CHARACTERS = 120;

const shown = (name: string): string => JSON.stringify(name.slice(0, SHOWN_CHARACTERS));

/** `projects/P/locations/L`, or INVALID_ARGUMENT. */
export const parseLocationName = (name: string | null | undefined): string => {
  if (!LOCATION.test(name ?? '')) {
    throw invalidArgument(`Not a location name (projects/PROJECT/locations/LOCATION): ${shown(name ?? '')}`);
  }
  return name ?? '';
};

/** Splits a queue's full name, or INVALID_ARGUMENT. */
export const parseQueueName = (
  name: string | null | undefined,
): { name: string; location: string; id: string } => {
  const [location, id, ...rest] = (name ?? '').split('/queues/');
  if (
    location === undefined ||
    id === undefined ||
    rest.length > 0 ||
    !LOCATION.test(location) ||
    !QUEUE_ID.test(id)
  ) {
    throw invalidArgument(
      `Not a queue name (projects/PROJECT/locations/LOCATION/queues/QUEUE, a QUEUE of up to 100 letters, digits and hyphens): ${shown(name ?? '')}`,
    );
  }
  return { name: `${location}/queues/${id}`, location, id };
};

/** Splits a task's full name, or INVALID_ARGUMENT. */
export const parseTaskName = (name: string | null | undefined): { queue: string; id: string } => {
  const [queue, id, ...rest] = (name ?? '').split('/tasks/');
  if (queue === undefined || id === undefined || rest.length > 0 || !TASK_ID.test(id)) {
    throw invalidArgument(
      `Not a task name (QUEUE_NAME/tasks/TASK, a TASK of up to 500 letters, digits, hyphens and underscores): ${shown(name ?? '')}`,
    );
  }
  return { queue: parseQueueName(queue).name, id };
};

export const queueName = (project: string, location: string, id: string): string =>
  parseQueueName(`projects/${project}/locations/${location}/queues/${id}`).name;

export const taskName = (queue: string, id: string): string => `${queue}/tasks/${id}`;
