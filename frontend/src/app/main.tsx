import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "../shared/theme.css";
import "./app.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { onSignedOut, signInPath } from "../shared/api/client";
import { createQueryClient } from "../shared/api/query-client";
import { createRouter } from "./router";

const queryClient = createQueryClient();
const router = createRouter();

onSignedOut((place) => {
  queryClient.clear();
  void router.navigate(signInPath(place));
});

const container = document.getElementById("root");
if (container === null) throw new Error("The page has no #root element.");
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
