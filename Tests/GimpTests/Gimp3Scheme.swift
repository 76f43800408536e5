/// Script-Fu definitions with which GIMP 3 understands the tests' commands, which are written for GIMP 2.10.
let gimp3Scheme = """
    ; GIMP 2.10 prints what a call is refused for also when the error is caught.
    (define (*error-hook* . reason)
      (gimp-message-set-handler CONSOLE)
      (for-each (lambda (part)
          (gimp-message (cond ((string? part) part) ((symbol? part) (symbol->string part)) (#t "an error"))))
        reason)
      (apply throw reason))

    (define RED-CHANNEL CHANNEL-RED)

    (define (listed values) (list (vector-length values) values))

    (define gimp-drawable-width gimp-drawable-get-width)
    (define gimp-drawable-height gimp-drawable-get-height)
    (define gimp-drawable-offsets gimp-drawable-get-offsets)
    (define gimp-image-base-type gimp-image-get-base-type)
    (define gimp-edit-clear gimp-drawable-edit-clear)
    (define (gimp-layer-group-new image) (gimp-group-layer-new image ""))
    (define (gimp-image-list) (listed (car (gimp-get-images))))
    (define gimp-image-get-layers-3 gimp-image-get-layers)
    (define (gimp-image-get-layers image) (listed (car (gimp-image-get-layers-3 image))))
    (define gimp-item-get-children-3 gimp-item-get-children)
    (define (gimp-item-get-children item) (listed (car (gimp-item-get-children-3 item))))
    (define (gimp-image-get-active-layer image) (list (vector-ref (car (gimp-image-get-selected-layers image)) 0)))
    (define (gimp-image-get-active-drawable image)
      (list (vector-ref (car (gimp-image-get-selected-drawables image)) 0)))
    (define (gimp-image-get-active-channel image) (list (vector-ref (car (gimp-image-get-selected-channels image)) 0)))
    (define (gimp-image-set-active-channel image channel) (gimp-image-set-selected-channels image (vector channel)))
    (define (gimp-selection-float drawable x y)
      (gimp-edit-copy (vector drawable))
      (gimp-edit-paste drawable FALSE))
    (define gimp-image-is-valid gimp-image-id-is-valid)
    (define gimp-layer-new-3 gimp-layer-new)
    (define (gimp-layer-new image width height type name opacity mode)
      (gimp-layer-new-3 image name width height type opacity mode))
    (define gimp-drawable-get-pixel-3 gimp-drawable-get-pixel)
    (define (gimp-drawable-get-pixel drawable x y)
      (let ((values (car (gimp-drawable-get-pixel-3 drawable x y)))) (list (length values) (list->vector values))))

    ; GIMP 2.10 names a profile by its URI, GIMP 3 by its path.
    (define (path-of uri) (substring uri 7 (string-length uri)))
    (define gimp-image-set-color-profile-from-file-3 gimp-image-set-color-profile-from-file)
    (define (gimp-image-set-color-profile-from-file image uri)
      (gimp-image-set-color-profile-from-file-3 image (path-of uri)))
    (define gimp-image-convert-color-profile-from-file-3 gimp-image-convert-color-profile-from-file)
    (define (gimp-image-convert-color-profile-from-file image uri intent black-point)
      (gimp-image-convert-color-profile-from-file-3 image (path-of uri) intent black-point))

    (define gimp-file-load-3 gimp-file-load)
    (define (gimp-file-load mode name . rest) (gimp-file-load-3 mode name))
    (define gimp-file-save-3 gimp-file-save)
    (define (gimp-file-save mode image . rest)
      (gimp-file-save-3 mode image (if (number? (car rest)) (cadr rest) (car rest))))

    ; An argument by its name; what is left out is not given at all.
    (define (argument key value) (if (and (number? value) (= value -1)) '() (list key value)))
    (define (word words number)
      (cond ((= number -1) -1)
            ((< -1 number (vector-length words)) (vector-ref words number))
            (#t (number->string number))))
    (define (common-arguments style strength region keep lines face half light skin hair)
      (append
        (argument #:style style) (argument #:strength strength)
        (argument #:region (word #("faces" "photo" "both") region))
        (argument #:keep-colors keep) (argument #:line-strength lines) (argument #:min-face face)
        (argument #:half-precision half) (argument #:lighting light) (argument #:skin-constancy skin)
        (argument #:hair-limit hair)))

    (define anime-style-3 plug-in-anime-style)
    (define (anime-style-by-place mode image layer style strength region keep lines face half output light skin hair
                                 . options)
      (apply anime-style-3
        (append
          (list #:run-mode mode #:image image #:drawables (vector layer))
          (common-arguments style strength region keep lines face half light skin hair)
          (argument #:output (word #("layer" "mask" "group" "replace") output))
          (if (pair? options) (list #:options (car options)) '()))))

    (define anime-style-batch-3 plug-in-anime-style-batch)
    (define (anime-style-batch-by-place mode photos drawings format overwrite style strength region keep lines face half
                                       light skin hair . options)
      (apply anime-style-batch-3
        (append
          (list #:run-mode mode #:pattern photos #:output-folder drawings #:format format #:overwrite overwrite)
          (common-arguments style strength region keep lines face half light skin hair)
          (if (pair? options) (list #:options (car options)) '()))))

    ; A call by place begins with the number of a run mode, one by name with a name.
    (define (plug-in-anime-style . given)
      (apply (if (number? (car given)) anime-style-by-place anime-style-3) given))
    (define (plug-in-anime-style-batch . given)
      (apply (if (number? (car given)) anime-style-batch-by-place anime-style-batch-3) given))
    """
