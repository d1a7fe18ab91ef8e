// The real server, on a free port, with a database of its own.

import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from './wait.mjs'

/** WARMDESK names another binary to try. */
const binary = process.env.WARMDESK || fileURLToPath(new URL('../../../bin/warmdesk', import.meta.url))

export class Server {
  /** Where people open it, such as http://localhost:40001. */
  url = ''
  /** What it wrote to its log. */
  log = ''
  #process
  #folder
  #env

  /** start resolves when the server takes requests; env adds to its configuration. */
  static async start(env = {}) {
    const server = new Server()
    server.#folder = await mkdtemp(join(tmpdir(), 'warmdesk-e2e-'))
    const bare = Object.entries(process.env).filter(([name]) => !name.startsWith('TWILIO_'))
    server.#env = {
      ...Object.fromEntries(bare),
      ADDR: '127.0.0.1:0',
      DATABASE_URL: join(server.#folder, 'warmdesk.db'),
      ...env,
    }
    server.#process = spawn(binary, ['serve'], { env: server.#env, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    server.#process.stdout.on('data', (data) => (out += data))
    server.#process.stderr.on('data', (data) => (server.log += data))
    server.#process.on('error', (error) => (server.log += `${error.message} (is it built? make build)\n`))
    try {
      await eventually('the server says where to open it', () => {
        server.url = /^Open (http\S+)/m.exec(out)?.[1] ?? ''
        if (!server.url && server.#process.exitCode !== null) throw new Error(`it ended:\n${server.log}`)
        return server.url
      })
      await eventually('the server is ready', async () => (await fetch(`${server.url}/readyz`)).ok)
    } catch (error) {
      await server.stop()
      throw error
    }
    return server
  }

  /** credentials are the built-in switchboard's account, as the command shows them. */
  async credentials() {
    const { port } = new URL(this.url)
    const process = spawn(binary, ['credentials'], { env: { ...this.#env, ADDR: `127.0.0.1:${port}` } })
    let out = ''
    for await (const data of process.stdout) out += data
    return Object.fromEntries(out.trim().split('\n').map((line) => line.split(/=(.*)/, 2)))
  }

  /** command runs the program with these arguments on the same database, and resolves to what it says. */
  async command(args, input = '') {
    const { port } = new URL(this.url)
    const process = spawn(binary, args, { env: { ...this.#env, ADDR: `127.0.0.1:${port}` }, stdio: ['pipe', 'pipe', 'pipe'] })
    process.stdin.end(input)
    let out = ''
    for await (const data of process.stdout) out += data
    return out
  }

  async snapshot(agent) {
    const response = await fetch(`${this.url}/api/agents/${agent}/snapshot`, { headers: { 'Warmdesk-Agent': agent } })
    return response.json()
  }

  /** cpu is the processor time it has used, in ms: the sum of its threads. Linux only. */
  async cpu() {
    const tasks = `/proc/${this.#process.pid}/task`
    const times = await Promise.all(
      (await readdir(tasks)).map((id) => readFile(`${tasks}/${id}/schedstat`, 'utf8').catch(() => '0')), // one that has ended
    )
    return times.reduce((sum, ns) => sum + parseInt(ns, 10), 0) / 1e6
  }

  /** freeze stops the program as it stands, sound and all, as a network that is gone would; thaw lets it go on. */
  freeze() {
    this.#process.kill('SIGSTOP')
  }

  thaw() {
    this.#process.kill('SIGCONT')
  }

  /** stop ends the server and resolves to its exit code; null when it had to be killed. */
  async stop() {
    const ended = new Promise((done) => this.#process.once('exit', done))
    if (this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM')
      const killer = setTimeout(() => this.#process.kill('SIGKILL'), 8_000)
      await ended
      clearTimeout(killer)
    }
    await rm(this.#folder, { recursive: true, force: true })
    return this.#process.exitCode
  }
}
