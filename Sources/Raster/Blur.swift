extension Plane {
    /// Gaussian blur with standard deviation `sigma` in pixels; the edge value goes on beyond the edge.
    package func blurred(sigma: Double) -> Plane {
        guard sigma > 0.2 else { return self }
        let radius = max(1, Int((2.5 * sigma).rounded(.up)))
        let weights = (-radius...radius).map { exponential(-Float($0 * $0) / Float(2 * sigma * sigma)) }
        let total = weights.reduce(0, +)
        let kernel = weights.map { $0 / total }
        return convolvedRows(kernel).convolvedColumns(kernel)
    }

    private func convolvedRows(_ kernel: [Float]) -> Plane {
        let radius = kernel.count / 2
        return values.withUnsafeBufferPointer { source in
            mappedRows { line, row in
                for x in row.indices {
                    var sum: Float = 0
                    for k in 0..<kernel.count { sum += kernel[k] * source[line + min(max(x + k - radius, 0), width - 1)] }
                    row[x] = sum
                }
            }
        }
    }

    private func convolvedColumns(_ kernel: [Float]) -> Plane {
        let radius = kernel.count / 2
        return values.withUnsafeBufferPointer { source in
            mappedRows { start, row in
                let y = start / width
                row.update(repeating: 0)
                for k in 0..<kernel.count {
                    let line = min(max(y + k - radius, 0), height - 1) * width
                    let weight = kernel[k]
                    for x in row.indices { row[x] += weight * source[line + x] }
                }
            }
        }
    }
}
