export default function ResultsTab() {
  return null;
}
