import { MantineProvider } from "@mantine/core";
import { Outlet, useMatch } from "react-router";
import { cssVariables, styleNonce, theme } from "../shared/theme";
import { OfflineBanner } from "./shell/OfflineBanner";

/** Theme around every page. The reading room is always dark, whatever the desk's preference. */
export function RootLayout() {
  const isReadingRoom = useMatch("/read/:slug/case/:readId") !== null;
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="dark"
      forceColorScheme={isReadingRoom ? "dark" : undefined}
      getStyleNonce={styleNonce}
    >
      <Outlet />
      {!isReadingRoom && <OfflineBanner />}
    </MantineProvider>
  );
}
