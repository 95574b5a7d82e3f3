import { useOutletContext } from 'react-router';
import type { Meg } from '../../../src/contract/api.ts';

/** Den innloggede; bare på sider inne i rammen, der noen alltid er logget inn. */
export function useMeg(): Meg & { bruker: NonNullable<Meg['bruker']> } {
  const meg = useOutletContext<Meg>();
  if (!meg.bruker) throw new Error('Siden vises uten innlogget bruker.');
  return { ...meg, bruker: meg.bruker };
}
