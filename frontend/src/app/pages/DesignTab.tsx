import { useParams } from "react-router";
import { useDeskStudy } from "../../features/desk/components/use-desk-study";
import FormBuilder from "../../features/form-builder";
import { DesignerPage } from "../../features/study-design/DesignerPage";

/** The designer with the form builder in it. */
export default function DesignTab() {
  const study = useDeskStudy();
  const { section } = useParams();
  return (
    <DesignerPage slug={study.slug} section={section} renderForm={(props) => <FormBuilder {...props} />} />
  );
}
