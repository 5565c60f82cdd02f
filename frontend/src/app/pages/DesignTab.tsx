import { useParams } from "react-router";
import { useDeskStudy } from "../../features/desk/components/use-desk-study";
import { DesignerPage } from "../../features/study-design/DesignerPage";
import { LazyFormBuilder } from "./LazyFormBuilder";

/** The designer with the form builder in it. */
export default function DesignTab() {
  const study = useDeskStudy();
  const { section } = useParams();
  return (
    <DesignerPage
      slug={study.slug}
      section={section}
      renderForm={(props) => <LazyFormBuilder {...props} />}
    />
  );
}
