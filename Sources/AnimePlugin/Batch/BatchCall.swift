import Batch
import CGimp
import Engine
import Files
import Glibc
import Raster
import Settings

/// What came of a batch.
struct BatchOutcome {
    var drawn = 0
    /// One sentence for each file that could not be drawn.
    var failures: [String] = []
    var kept = 0

    /// In the order of `BatchProcedure.results`.
    var counts: [Int] { [drawn, failures.count, kept] }

    var text: String {
        tr("\(drawn) drawn, \(failures.count) failed, \(kept) kept because they existed.")
    }
}

/// One call of the batch procedure.
struct BatchCall {
    private let invocation: BatchInvocation
    private let memory: any ArgumentMemory
    private let engine: StyleEngine

    init(_ invocation: BatchInvocation, memory: any ArgumentMemory) {
        self.invocation = invocation
        self.memory = memory
        engine = .installed()
    }

    /// - Throws: `StyleError`, `PlugInError` when the batch cannot begin; a file that fails only counts.
    func perform() throws -> BatchOutcome {
        switch invocation.mode {
        case let .arguments(given):
            return try draw(BatchSettings(given, for: engine.style(of: given.style)), QuietBatch())
        case .lastValues:
            guard let settings = try last() else { throw PlugInError.nothingToRepeat }
            return try draw(settings, QuietBatch())
        case .interactive:
            return try converse()
        }
    }

    /// What was chosen last; `nil` when nothing was.
    private func last() throws -> BatchSettings? {
        guard let kept = memory.recall() else { return nil }
        let given = try BatchInvocation.Given(kept)
        return BatchSettings(given, for: try engine.style(of: given.style))
    }

    private func converse() throws -> BatchOutcome {
        let models = engine.catalog.models.map { ($0.manifest.id, $0.manifest.title(languages: userLanguages())) }
        // The style that was used last may have been removed since.
        var settings = try (try? last()) ?? BatchSettings(style: engine.firstStyle().settings)
        var problem: String?
        while true {
            guard let chosen = try BatchDialog(styles: models).ask(settings, problem: problem) else { throw StyleError.cancelled }
            settings = chosen
            memory.keep { chosen.write(to: $0) }
            do {
                let window = try BatchWindow()
                let outcome = try draw(chosen, window)
                window.finish(outcome)
                return outcome
            } catch let error as StyleError where error != .cancelled {
                // A wrong folder is corrected in the dialog.
                problem = sentence(error)
            }
        }
    }

    // MARK: - Drawing

    private func draw(_ settings: BatchSettings, _ host: BatchHost) throws -> BatchOutcome {
        let format = settings.format.isEmpty ? nil : settings.format
        let jobs = try PhotoPattern(settings.pattern).jobs(into: settings.outputFolder, format: format)
        let pending = settings.overwrite ? jobs : jobs.filter { !$0.isDone }
        var outcome = BatchOutcome(kept: jobs.count - pending.count)
        guard !pending.isEmpty else { return outcome }

        let mailbox = BatchMailbox()
        let pipeline = BatchPipeline(jobs: pending, overwrite: settings.overwrite, isCancelled: { mailbox.isCancelled }, report: mailbox.put)
        let engine = engine
        let work = Background {
            do {
                let stylizer = try engine.stylizer(style: settings.style.style, precision: settings.style.options.precision)
                pipeline.run(stylizer, settings.style.options)
            } catch {
                pipeline.abandon()
                throw error
            }
        }
        var isFinished = false
        repeat {
            isFinished = work.isFinished(within: 40)
            for event in mailbox.take() { note(event, pending.count, &outcome, host) }
            if host.wantsToStop() { mailbox.cancel() }
        } while !isFinished
        try work.value()
        return outcome
    }

    private func note(_ event: BatchEvent, _ count: Int, _ outcome: inout BatchOutcome, _ host: BatchHost) {
        switch event {
        case let .drawing(job, number, fraction):
            host.show(fraction, tr("\(number) of \(count): \(job.name)"))
        case let .saved(job, notices):
            outcome.drawn += 1
            host.note(([job.output] + notices.map { tr($0) }).joined(separator: ": "))
        case let .failed(_, error):
            outcome.failures.append(sentence(error))
            host.warn(sentence(error))
        }
    }
}

/// Where a batch shows how far it is; called on the main thread.
protocol BatchHost {
    /// Takes what the user did meanwhile; asked several times a second.
    func wantsToStop() -> Bool
    /// - Parameter fraction: 0…1.
    func show(_ fraction: Double, _ text: String)
    func note(_ line: String)
    func warn(_ sentence: String)
}

/// Without a window: GIMP's own progress where there is one, a line on standard error for each drawing.
private struct QuietBatch: BatchHost {
    init() { gimp_progress_init(tr("Anime style")) }

    func wantsToStop() -> Bool { false }

    func show(_ fraction: Double, _ text: String) {
        gimp_progress_set_text(text)
        gimp_progress_update(fraction)
    }

    func note(_ line: String) { fputs("\(line)\n", stderr) }
    func warn(_ sentence: String) { gimp_message(sentence) }
}
