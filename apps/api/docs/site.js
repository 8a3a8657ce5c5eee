// Search and copy buttons; the pages are complete without them.

/** Addresses of the former single page: `#not_found`, `#proposeJob`, `#schema-Job`; names of ASCII alone, so nothing is decoded. */
function followOldAddress() {
  const id = location.hash.slice(1);
  if (id === '' || !/^(\/v1)?\/docs\/?$/.test(location.pathname)) return;
  const link = document.getElementById(id);
  if (id.startsWith('schema-')) location.replace(`/docs/reference/schemas#${id.slice('schema-'.length)}`);
  else if (/^job\.|^ping$/.test(id)) location.replace(`/docs/reference/events#${id}`);
  else if (link instanceof HTMLAnchorElement) location.replace(link.href);
}

function addCopyButtons() {
  for (const pre of document.querySelectorAll('main pre')) {
    if (pre.closest('.output') !== null) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', () => void copy(pre, button));
    const box = document.createElement('div');
    box.className = 'block';
    pre.replaceWith(box);
    box.append(pre, button);
  }
}

async function copy(pre, button) {
  await navigator.clipboard.writeText(pre.textContent ?? '');
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1_500);
}

const FOUND_MAX = 12;

/** Entries that have every word, those with it in their title first. */
function find(entries, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = entries.flatMap(([title, path, text]) => {
    const [inTitle, inText] = [title.toLowerCase(), text.toLowerCase()];
    let score = 0;
    for (const word of words) {
      if (inTitle.includes(word)) score += inTitle.startsWith(word) ? 4 : 3;
      else if (inText.includes(word)) score += 1;
      else return [];
    }
    return [{ title, path, score }];
  });
  return scored.sort((a, b) => b.score - a.score).slice(0, FOUND_MAX);
}

function startSearch() {
  const form = document.getElementById('search');
  const input = form.querySelector('input');
  const list = document.getElementById('found');
  let entries = null;
  let chosen = -1;

  const choose = (index) => {
    const options = [...list.children];
    chosen = options.length === 0 ? -1 : (index + options.length) % options.length;
    options.forEach((option, at) => {
      option.setAttribute('aria-selected', String(at === chosen));
    });
    if (chosen < 0) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', options[chosen].id);
    options[chosen].scrollIntoView({ block: 'nearest' });
  };
  const show = (found) => {
    list.replaceChildren(
      ...found.map(({ title, path }, index) => {
        const option = document.createElement('li');
        option.id = `found-${index}`;
        option.role = 'option';
        option.dataset.path = path;
        option.textContent = title;
        return option;
      }),
    );
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    choose(0);
  };
  const go = (option) => {
    show([]);
    location.assign(option.dataset.path);
  };

  form.hidden = false;
  const search = async () => {
    entries ??= fetch('/docs/search.json').then((answer) => answer.json());
    show(find(await entries, input.value));
  };
  input.addEventListener('input', () => void search());
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen - 1);
    else if (event.key === 'Escape') show([]);
    else return;
    event.preventDefault();
  });
  list.addEventListener('click', ({ target }) => go(target));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (chosen >= 0) go(list.children[chosen]);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.activeElement === input) return;
    event.preventDefault();
    input.focus();
  });
}

followOldAddress();
addCopyButtons();
startSearch();
