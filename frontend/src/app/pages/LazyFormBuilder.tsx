import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { FormBuilderProps } from "../../features/form-builder";

const FormBuilder = lazy(() => import("../../features/form-builder"));

/** The form builder, fetched where a form is built and not with every page that it is a part of. */
export function LazyFormBuilder(props: FormBuilderProps) {
  return (
    <Suspense fallback={<Skeleton h={520} animate={false} />}>
      <FormBuilder {...props} />
    </Suspense>
  );
}
