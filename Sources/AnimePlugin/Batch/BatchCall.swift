import Batch
import CGimp
import Drawing
import Engine
import Files
import Glibc
import Raster
import Settings

extension BatchOutcome {
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
        // The style that was used last may have been removed since.
        let last = try? last()
        var settings = try last ?? BatchSettings(style: engine.firstStyle().settings)
        var problem: String?
        while true {
            let chosen = try BatchDialog.ask(
                BatchDialogContext(
                    engine: engine, languages: userLanguages(), last: last?.style, helpFolder: "\(PlugIn.folder)/help"),
                settings, problem: problem)
            guard let chosen else { throw StyleError.cancelled }
            settings = chosen
            memory.keep { chosen.write(to: $0) }
            do {
                let window = try BatchWindow()
                let outcome = try draw(chosen, window)
                window.finish(outcome, folder: chosen.outputFolder)
                return outcome
            } catch let error as StyleError where error != .cancelled {
                // A wrong folder is corrected in the dialog.
                problem = sentence(error)
            }
        }
    }

    // MARK: - Drawing

    private func draw(_ settings: BatchSettings, _ host: BatchHost) throws -> BatchOutcome {
        let runner = try settings.runner()
        runner.list.notices.forEach { host.note(tr($0)) }
        let mailbox = BatchMailbox()
        let (engine, style) = (engine, settings.style)
        let work = Background {
            try runner.run(isCancelled: { mailbox.isCancelled }, report: mailbox.put) {
                (try engine.stylizer(style: style.style, precision: style.options.precision), style.options)
            }
        }
        var isFinished = false
        repeat {
            isFinished = work.isFinished(within: 40)
            for event in mailbox.take() { note(event, host) }
            if host.wantsToStop() { mailbox.cancel() }
        } while !isFinished
        return try work.value()
    }

    private func note(_ event: BatchEvent, _ host: BatchHost) {
        switch event {
        case let .drawing(job, number, count, fraction):
            host.show(fraction, job, number: number, count: count)
        case let .saved(job, warnings, notices):
            let words = warnings.map { tr($0) } + notices.map { tr($0) }
            host.note(([job.output.printable] + words).joined(separator: ": "))
        case let .leftToAnother(job):
            host.note(tr("\(job.output): left to another batch that writes to the same folder"))
        case let .failed(_, error):
            host.warn(sentence(error))
        }
    }
}

/// Where a batch shows how far it is; called on the main thread.
protocol BatchHost {
    /// Takes what the user did meanwhile; asked several times a second.
    func wantsToStop() -> Bool
    /// - Parameters:
    ///   - fraction: of all photographs, 0…1.
    ///   - job: what is drawn now.
    ///   - number: of it among `count`, from 1.
    func show(_ fraction: Double, _ job: BatchJob, number: Int, count: Int)
    func note(_ line: String)
    func warn(_ sentence: String)
}

/// Without a window: GIMP's own progress where there is one, a line on standard error for each drawing.
private struct QuietBatch: BatchHost {
    init() { gimp_progress_init(tr("Anime style")) }

    func wantsToStop() -> Bool { false }

    func show(_ fraction: Double, _ job: BatchJob, number: Int, count: Int) {
        gimp_progress_set_text(tr("\(number) of \(count): \(job.name)"))
        gimp_progress_update(fraction)
    }

    func note(_ line: String) {
        // The C library's stream of errors is a variable that Swift 6 does not take.
        let bytes = Array("\(line)\n".utf8)
        _ = write(2, bytes, bytes.count)
    }
    func warn(_ sentence: String) { gimp_message(sentence) }
}
