import { PasswordInput, Text } from "@mantine/core";

interface SignProps {
  meaning: string;
  password: string;
  onChange: (password: string) => void;
}

/** What is signed, in words, and the password that signs it. */
export function Sign({ meaning, password, onChange }: SignProps) {
  return (
    <div className="rr-sign">
      <Text size="xs" c="dimmed">
        You sign this sentence
      </Text>
      <blockquote className="rr-sign-meaning">{meaning}</blockquote>
      <PasswordInput
        label="Your password"
        description="It is your signature. Ten tries a minute are allowed."
        autoComplete="current-password"
        value={password}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
