import { useDeskStudy } from "../../features/desk/components/use-desk-study";
import { AmendmentsPage } from "../../features/study-conduct/components/AmendmentsPage";
import { LazyFormBuilder } from "./LazyFormBuilder";

/** The amendments of a study with the form builder in them. */
export default function AmendmentsTab() {
  return (
    <AmendmentsPage
      study={useDeskStudy()}
      renderForm={(props) => <LazyFormBuilder {...props} problems={[]} readOnly={false} />}
    />
  );
}
