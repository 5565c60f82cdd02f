export default function CasesTab() {
  return null;
}
