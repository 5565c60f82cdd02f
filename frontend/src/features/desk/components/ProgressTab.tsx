export default function ProgressTab() {
  return null;
}
