import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { isApiError } from "../../../shared/api/client";
import { ProductMark } from "../../../shared/components/ProductMark";
import { meQuery } from "../api/get-me";
import { signIn } from "../api/sign-in";
import { safeNext } from "../model/landing";
import "./account.css";

function messageOf(error: unknown): string {
  if (isApiError(error, "offline")) return "The server cannot be reached. Check the network and try again.";
  if (isApiError(error, "http_403")) return "This page has grown old. Reload it and sign in again.";
  return isApiError(error) ? error.text : "Signing in failed. Please try again.";
}

export default function SignInPage() {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const passwordInput = useRef<HTMLInputElement>(null);
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: async (me) => {
      queryClient.clear();
      queryClient.setQueryData(meQuery.queryKey, me);
      await navigate(safeNext(search.get("next")), { replace: true });
    },
    onError: () => passwordInput.current?.select(),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    enter.mutate({ username: username.trim(), password });
  }

  return (
    <main className="rr-sign-in">
      <title>Sign in · Reading Room</title>
      <Paper withBorder p="xl" w={380} className="rr-sign-in-card">
        <form onSubmit={submit}>
          <Stack gap="md">
            <div className="rr-sign-in-title">
              <ProductMark size={28} />
              <Title order={1}>Reading Room</Title>
            </div>
            <TextInput
              label="User name"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              required
              withAsterisk={false}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <PasswordInput
              ref={passwordInput}
              label="Password"
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {enter.isError && (
              <Alert role="alert" color="red" variant="light" py="xs">
                {messageOf(enter.error)}
              </Alert>
            )}
            <Button type="submit" size="md" loading={enter.isPending} mt="xs">
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
      <Text c="dimmed" size="xs" component="footer">
        Research software. Not a medical device.
      </Text>
    </main>
  );
}
