import { MantineProvider } from "@mantine/core";
import { memo } from "react";
import { Outlet, useMatch } from "react-router";
import { cssVariables, styleNonce, theme } from "../shared/theme";
import { OfflineBanner } from "./shell/OfflineBanner";

/** Theme around every page. The reading room is always dark, whatever the desk's preference. */
export function RootLayout() {
  return <Themed isReadingRoom={useMatch("/read/:slug/case/:readId") !== null} />;
}

/** The theme's variables are computed at every drawing: not from one case to the next. */
const Themed = memo(({ isReadingRoom }: { isReadingRoom: boolean }) => (
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
));
