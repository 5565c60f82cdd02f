export { default, type FormBuilderProps } from "./FormBuilder";
