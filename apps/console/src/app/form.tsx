import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { Failure } from './ui.tsx';

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: (id: string) => ComponentChildren;
}

export function Field({ label, hint, children }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
      {hint !== undefined && <small>{hint}</small>}
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  /** More than one line; JSON and keys in the font of code. */
  readonly rows?: number;
  readonly isCode?: boolean;
  readonly type?: 'search' | 'password' | 'url';
  readonly inputMode?: 'decimal';
  readonly autocomplete?: 'off';
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
}

/** A text that is typed, of one line or of several. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { label, hint, onText, rows, isCode = false, ...rest } = props;
  const onInput = (event: { readonly currentTarget: { readonly value: string } }): void =>
    onText(event.currentTarget.value);
  // As an object: the types of an input's attributes differ by its type, and none of these is special to one.
  const attributes: object = rest;
  return (
    <Field label={label} hint={hint}>
      {(id) =>
        rows === undefined ? (
          <input id={id} onInput={onInput} {...attributes} />
        ) : (
          <textarea
            id={id}
            rows={rows}
            class={isCode ? 'code' : ''}
            spellcheck={!isCode}
            onInput={onInput}
            {...attributes}
          />
        )
      }
    </Field>
  );
}

const TYPING_MS = 180;

/** Words as they are typed, and those to search for once the typing pauses. */
export function useTypedWords(): {
  readonly words: string;
  readonly asked: string;
  readonly type: (words: string) => void;
} {
  const [words, type] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return { words, asked, type };
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly (readonly [value: string, title: string])[];
}

/** One of a few. */
export function SelectField({ label, value, onValue, options }: SelectFieldProps): JSX.Element {
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Runs something that may be refused; while it does, nothing is asked twice. */
export function useAction(): {
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly run: (work: () => Promise<unknown>) => void;
} {
  const [state, setState] = useState<{ isBusy: boolean; error: unknown }>({ isBusy: false, error: null });
  return {
    ...state,
    run: (work) => {
      if (state.isBusy) return;
      setState({ isBusy: true, error: null });
      work().then(
        () => setState({ isBusy: false, error: null }),
        (error: unknown) => setState({ isBusy: false, error }),
      );
    },
  };
}

interface ActionFormProps {
  readonly verb: string;
  readonly onSubmit: () => Promise<unknown>;
  readonly isDisabled?: boolean;
  readonly children?: ComponentChildren;
}

/** Fields and the one thing that is done with them; what was refused stands above the button. */
export function ActionForm({ verb, onSubmit, isDisabled = false, children }: ActionFormProps): JSX.Element {
  const action = useAction();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        action.run(onSubmit);
      }}
    >
      {children}
      {action.error !== null && <Failure error={action.error} />}
      <button type="submit" class="main" disabled={action.isBusy || isDisabled}>
        {verb}
      </button>
    </form>
  );
}
