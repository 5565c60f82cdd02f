import { useDeskStudy } from "../../features/desk/components/use-desk-study";
import FormBuilder from "../../features/form-builder";
import { AmendmentsPage } from "../../features/study-conduct/components/AmendmentsPage";
import { DeviationsPage } from "../../features/study-conduct/components/DeviationsPage";
import { FreezePage } from "../../features/study-conduct/components/FreezePage";
import { PeoplePage } from "../../features/study-conduct/components/PeoplePage";
import { UnblindPage } from "../../features/study-conduct/components/UnblindPage";

/** The pages of a study's conduct, in the desk whose study is open. */
export function PeopleTab() {
  return <PeoplePage study={useDeskStudy()} />;
}

export function FreezeTab() {
  return <FreezePage study={useDeskStudy()} />;
}

export function AmendmentsTab() {
  return (
    <AmendmentsPage
      study={useDeskStudy()}
      renderForm={(props) => <FormBuilder {...props} problems={[]} readOnly={false} />}
    />
  );
}

export function DeviationsTab() {
  return <DeviationsPage study={useDeskStudy()} />;
}

export function UnblindTab() {
  return <UnblindPage study={useDeskStudy()} />;
}
