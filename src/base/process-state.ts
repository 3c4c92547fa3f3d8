/**
 * Was a process stopped, by its proc(5) `stat`: T by a signal (Ctrl-Z, SIGSTOP), t by a debugger. The state follows the
 * name in brackets, which may hold anything.
 */
export function isStopped(stat: string): boolean {
  return /^ [Tt] /.test(stat.slice(stat.lastIndexOf(")") + 1));
}
