import type { ComponentType } from "react";
import type { DeskStudy } from "../../features/desk/api/get-study";
import { useDeskStudy } from "../../features/desk/components/use-desk-study";

/** A page of a study's conduct, in the desk whose study is open. */
export function inDesk(Page: ComponentType<{ study: DeskStudy }>): { Component: ComponentType } {
  return {
    Component: function InDesk() {
      return <Page study={useDeskStudy()} />;
    },
  };
}
