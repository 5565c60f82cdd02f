import { Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { ApiError, isApiError } from "../../../shared/api/client";
import { ProductMark } from "../../../shared/components/ProductMark";
import { Refusal } from "../../../shared/components/Refusal";
import { meQuery } from "../api/get-me";
import { signIn } from "../api/sign-in";
import { safeNext } from "../model/landing";
import "./account.css";

/** The same error, in words that help at this door. */
function shownError(error: unknown): unknown {
  if (!isApiError(error)) return error;
  const { status, code, isOffline } = error;
  if (isOffline) {
    return new ApiError({
      status,
      code,
      text: "The server cannot be reached. Check the network and try again.",
    });
  }
  // The cookie with the token is missing or was changed in another tab.
  if (status === 403) {
    return new ApiError({ status, code, text: "This page is out of date. Reload it and sign in again." });
  }
  return error;
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
              <Refusal error={shownError(enter.error)} fallback="Signing in failed. Please try again." />
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
